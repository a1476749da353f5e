import { expect, test } from "vitest";

import { isParameter, parameterOf } from "./parameter-text";

test("a parameter's value is JSON, or else a text", () => {
  expect(parameterOf("n=3")).toEqual({ n: 3 });
  expect(parameterOf('n="3"')).toEqual({ n: "3" });
  expect(parameterOf("region = eu")).toEqual({ region: "eu" });
  expect(parameterOf("is_dry=true")).toEqual({ is_dry: true });
  expect(parameterOf('where={"a": [1]}')).toEqual({ where: { a: [1] } });
  expect(parameterOf("query=a=b")).toEqual({ query: "a=b" });
});

test("what names no parameter is none", () => {
  expect(["", "n", "=3"].map(isParameter)).toEqual([false, false, false]);
  expect(isParameter("n=")).toBe(true);
});
