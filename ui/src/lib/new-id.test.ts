import { expect, test } from "vitest";

import { newId } from "./new-id";

test("ids are of version 7, unlike each other, and sort by time", () => {
  const [earlier, later] = [newId(1_750_000_000_000), newId(1_750_000_000_001)];
  expect(earlier).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(earlier.slice(0, 13).replace("-", ""), 16)).toBe(1_750_000_000_000);
  expect(earlier < later).toBe(true);
});
