import * as v from "valibot";
import { expect, test } from "vitest";

import { choiceParam, listParam, parseSearch, stringifySearch, textParam } from "./search";

const schema = v.object({ state: listParam, text: textParam, sort: choiceParam(["new", "old"]) });
const read = (query: string) => v.parse(schema, parseSearch(query));

test("a query string comes back as it was", () => {
  const query = "?state=FAILED&state=Late&text=a%26b+%3Cscript%3E";
  expect(stringifySearch(read(query))).toBe(query);
  expect(read(query)).toEqual({ state: ["FAILED", "Late"], text: "a&b <script>" });
});

test("what makes no sense counts as not given, and never breaks a page", () => {
  expect(read("?sort=sideways&state=FAILED&text=a&text=b")).toEqual({
    sort: undefined,
    state: ["FAILED"],
    text: undefined,
  });
  expect(read(`?text=${"x".repeat(501)}`)).toEqual({ text: undefined });
  expect(read(`?state=${"x".repeat(501)}`)).toEqual({ state: [] });
});

test("names of an object's own are names like others", () => {
  expect(parseSearch("?constructor=1&__proto__=2")).toEqual(Object.fromEntries([["constructor", "1"]]));
});

test("what is empty is left out", () => {
  expect(stringifySearch({ a: "", b: undefined, c: [], d: null })).toBe("");
});
