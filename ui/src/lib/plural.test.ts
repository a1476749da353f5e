import { expect, test } from "vitest";

import { countOf } from "./plural";

test("one is one, and a count that stopped says so", () => {
  expect([countOf(0, "run"), countOf(1, "run"), countOf(1_200, "run"), countOf(10_000, "run", true)]).toEqual(
    ["0 runs", "1 run", "1,200 runs", "10,000+ runs"],
  );
});
