import { expect, test } from "vitest";

import { formatBytes } from "./bytes";

test("a size is said in the unit that fits it", () => {
  expect([0, 1023, 1024, 1_572_864, 209_715_200, 1024 ** 5].map(formatBytes)).toEqual([
    "0 B",
    "1023 B",
    "1.0 KiB",
    "1.5 MiB",
    "200 MiB",
    "1024 TiB",
  ]);
});
