import { expect, test } from "vitest";

import { isTerminal, labelOf, labelOfType, STATE_TYPES, toneOf } from "./states";

test("a name says more than its type where we know it; one that users made up takes its type's tone", () => {
  expect(toneOf("SCHEDULED", "Late")).toBe("late");
  expect(toneOf("RUNNING", "Retrying")).toBe("retrying");
  expect(toneOf("FAILED", "Rejected by the board")).toBe("failed");
  expect(toneOf("COMPLETED")).toBe("completed");
});

test("a name is no key of anything else", () => {
  expect(toneOf("COMPLETED", "constructor")).toBe("completed");
});

test("names of the code are words; names of users stay as they are", () => {
  expect(labelOf("AwaitingConcurrencySlot")).toBe("Awaiting concurrency slot");
  expect(labelOf("iOS <b>build</b>")).toBe("iOS <b>build</b>");
  expect(labelOfType("CRASHED")).toBe("Crashed");
});

test("four types end a run", () => {
  expect(STATE_TYPES.filter(isTerminal)).toEqual(["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]);
});
