import { expect, test } from "vitest";

import { newId } from "./ids";

test("an id is a UUIDv7 of its instant", () => {
  const id = newId(Date.parse("2026-06-15T12:00:00Z"));
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(parseInt(id.slice(0, 13).replace("-", ""), 16)).toBe(Date.parse("2026-06-15T12:00:00Z"));
  expect(newId(1)).not.toBe(newId(1));
});
