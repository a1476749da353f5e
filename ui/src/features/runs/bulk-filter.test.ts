import { expect, test } from "vitest";

import { touchedBy } from "./bulk-filter";

test("what has ended is not cancelled, what went well is not retried, and all may be deleted", () => {
  const filter = { ids: ["x"] };
  expect(touchedBy("cancel", filter).all?.[1]?.not?.state_types).toContain("COMPLETED");
  expect(touchedBy("retry", filter).all?.[1]?.state_types).toEqual(["FAILED", "CRASHED", "CANCELLED"]);
  expect(touchedBy("delete", filter)).toBe(filter);
});
