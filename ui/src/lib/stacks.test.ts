import { expect, test } from "vitest";

import { roundScale, STACK_ORDER, summed, totalOf } from "./stacks";
import { STATE_TYPES } from "./states";

test("every type of state has its place in a bar", () => {
  expect([...STACK_ORDER].sort()).toEqual([...STATE_TYPES].sort());
});

test("bars are added by type; what is no type does not count", () => {
  expect(summed([{ FAILED: 1 }, { FAILED: 2, COMPLETED: 3 }])).toMatchObject({
    FAILED: 3,
    COMPLETED: 3,
    RUNNING: 0,
  });
  expect(totalOf({ FAILED: 1, UNKNOWN: 7 })).toBe(1);
});

test.each([
  [0, 1],
  [1, 1],
  [3, 5],
  [10, 10],
  [11, 20],
  [4_999, 5_000],
  [90_000, 100_000],
])("a scale that holds %s ends at %s", (most, end) => {
  expect(roundScale(most)).toBe(end);
});
