import { expect, test } from "vitest";

import { sortedJson } from "./sorted-json";

test("the order of names makes no difference, that of lists does", () => {
  expect(sortedJson({ b: 1, a: { d: [2, 1], c: null } })).toBe(
    sortedJson({ a: { c: null, d: [2, 1] }, b: 1 }),
  );
  expect(sortedJson([2, 1])).not.toBe(sortedJson([1, 2]));
});
