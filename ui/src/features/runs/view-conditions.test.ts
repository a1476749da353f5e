import { expect, test } from "vitest";

import { conditionsOf, isSame } from "./view-conditions";

test("what is saved is what the address says, without what it leaves open", () => {
  expect(conditionsOf({ state: ["FAILED"], tag: [], name: "", window: undefined, view: "x" })).toEqual({
    state: ["FAILED"],
  });
});

test("addresses that say the same are the same, in whatever order", () => {
  expect(
    isSame({ state: ["FAILED"], not: ["tag"], view: "x" }, { not: ["tag"], state: ["FAILED"], tag: [] }),
  ).toBe(true);
  expect(isSame({ state: ["FAILED"] }, { state: ["CRASHED"] })).toBe(false);
  expect(isSame({ state: ["FAILED"] }, { state: ["FAILED"], sort: "ID_ASC" })).toBe(false);
});
