import { expect, test } from "vitest";

import { limitOf } from "./limit";

test("a limit is a whole number, or none", () => {
  expect([" 5 ", "0", "", "-1", "1.5", "x"].map(limitOf)).toEqual([
    5,
    0,
    null,
    undefined,
    undefined,
    undefined,
  ]);
});
