import { expect, test } from "vitest";

import { defaultsOf } from "./schema-defaults";

test("what has a default is given, what has none is left to whoever fills the form in", () => {
  const schema = {
    properties: { times: { default: 3 }, station: { type: "string" }, note: { default: null } },
  };
  expect(JSON.parse(defaultsOf(schema))).toEqual({ times: 3, note: null });
  expect(defaultsOf({})).toBe("{}");
});
