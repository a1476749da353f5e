import { expect, test } from "vitest";

import { exactNumber, plainOf, readExact, readObject, shownNumber, writeExact } from "./exact-json";

test.each([
  '{"id":12345678901234567890,"ratio":1.0,"huge":1e400,"tiny":-0.10,"zero":-0}',
  '["\uE0001","\uE000\uE0002",12345678901234567890]',
  '{"__proto__":{"x":1},"constructor":"__proto__"}',
  '["__proto__"]',
  '{"a":{"b":["12345678901234567890",12345678901234567890]},"":"\\"1\\\\"}',
  '"1.0"',
  "1.0",
  "null",
])("what is read is written as it was: %s", (text) => {
  expect(writeExact(readExact(text))).toBe(text);
});

test("a text that begins with an escaped mark is no number", () => {
  expect(writeExact(readExact('["\\ue0005"]'))).toBe('["\uE0005"]');
});

test("what is no JSON is refused", () => {
  expect(() => readExact('{"a":01}')).toThrow(SyntaxError);
  expect(() => readExact("{a:1}")).toThrow(SyntaxError);
  expect(readObject("[1]")).toBeNull();
  expect(readObject("{")).toBeNull();
});

test("a typed number keeps its digits", () => {
  expect(exactNumber("42")).toBe(42);
  const exact = exactNumber("12345678901234567890");
  expect(shownNumber(exact)).toBe("12345678901234567890");
  expect(writeExact({ exact, float: exactNumber("1.0") })).toBe('{"exact":12345678901234567890,"float":1.0}');
  expect(shownNumber("plain")).toBe("plain");
});

test("JavaScript's own values come as near as they can", () => {
  expect(plainOf(readExact('{"a":[1.0,"\uE0001","x"],"b":null}'))).toEqual({
    a: [1, "\uE0001", "x"],
    b: null,
  });
});
