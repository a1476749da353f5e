import { expect, test } from "vitest";

import { instantOf, localOf } from "./local-time";

test("a clock's time is an instant, and back", () => {
  expect(localOf(new Date("2026-06-15T12:00:00Z"), "Europe/Berlin")).toBe("2026-06-15T14:00");
  expect(instantOf("2026-06-15T14:00", "Europe/Berlin")).toBe("2026-06-15T12:00:00.000Z");
  expect(instantOf("2026-01-15T00:00", "America/New_York")).toBe("2026-01-15T05:00:00.000Z");
  expect(instantOf("soon", "UTC")).toBeNull();
});

test("a time that comes twice is the first one, a time that never comes is after the gap", () => {
  expect(instantOf("2026-10-25T02:30", "Europe/Berlin")).toBe("2026-10-25T00:30:00.000Z");
  expect(instantOf("2026-03-29T02:30", "Europe/Berlin")).toBe("2026-03-29T01:30:00.000Z");
});
