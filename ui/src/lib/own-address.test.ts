import { expect, test } from "vitest";

import { ownAddress } from "./own-address";

test.each([
  ["/runs?state=FAILED", "/runs?state=FAILED"],
  [undefined, "/"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["https://evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["/login?next=/login", "/"],
])("after %s the viewer goes to %s", (next, address) => {
  expect(ownAddress(next)).toBe(address);
});
