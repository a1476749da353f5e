import { expect, test } from "vitest";

import { piecesOf, plainOf } from "./ansi";

test("colours and weights become classes, and the text stays what it is", () => {
  const line = "\u001b[32mok\u001b[0m and \u001b[1;31m<b>bad</b>\u001b[0m";
  expect(piecesOf(line)).toEqual([
    { text: "ok", className: "ansi-green" },
    { text: " and ", className: "" },
    { text: "<b>bad</b>", className: "ansi-red font-semibold" },
  ]);
  expect(plainOf(line)).toBe("ok and <b>bad</b>");
});

test("a line without escape codes is one piece, and links and titles are left out", () => {
  expect(piecesOf("a < b")).toEqual([{ text: "a < b", className: "" }]);
  expect(plainOf("\u001b]0;title\u0007text")).toBe("text");
});

test("codes that nobody knows do not become classes", () => {
  expect(piecesOf("\u001b[38;2;1;2;3mx\u001b[0m")).toEqual([{ text: "x", className: "" }]);
});
