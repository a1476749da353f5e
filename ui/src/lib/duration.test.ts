import { expect, test } from "vitest";

import { formatDuration, secondsBetween } from "./duration";

test.each([
  [0, "0 ms"],
  [0.0121, "12 ms"],
  [0.9994, "999 ms"],
  [0.9999, "1.0 s"],
  [4.23, "4.2 s"],
  [9.97, "10 s"],
  [59.4, "59 s"],
  [59.6, "1m 00s"],
  [65, "1m 05s"],
  [3_600, "1h 0m"],
  [7_859, "2h 10m"],
  [100_000, "1d 3h"],
  [-1, "–"],
  [Number.NaN, "–"],
])("%s seconds are said as %s", (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});

test("what has not ended goes on until now, and nothing ends before it began", () => {
  expect(secondsBetween("2026-01-01T00:00:00Z", null, Date.parse("2026-01-01T00:01:00Z"))).toBe(60);
  expect(secondsBetween("2026-01-01T00:00:10Z", "2026-01-01T00:00:00Z")).toBe(0);
});
