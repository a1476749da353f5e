import { expect, test } from "vitest";

import { formatAbsolute, formatFull, formatRelative, isZone } from "./time";

const now = new Date("2026-06-15T12:00:00Z");
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);

test.each([
  [0, "just now"],
  [-4, "just now"],
  [-59, "59 sec. ago"],
  [-61, "1 min. ago"],
  [-7_300, "2 hr. ago"],
  [90_000, "in 1 day"],
  [-40 * 86_400, "6 May"],
  [-400 * 86_400, "11 May 2025"],
])("%s seconds from now are said as %s", (seconds, words) => {
  expect(formatRelative(after(seconds), now, "UTC")).toBe(words);
});

test("an instant is said in the chosen zone, with the year where it is another one", () => {
  expect(formatAbsolute(now, now, "Asia/Tokyo")).toBe("15 Jun 21:00:00");
  expect(formatAbsolute(new Date("2024-12-31T23:30:00Z"), now, "Europe/Berlin")).toBe("1 Jan 2025 00:30:00");
  expect(formatFull(now, "UTC")).toContain("12:00:00.000 UTC");
});

test("a zone is one that the browser knows", () => {
  expect([isZone("Europe/Berlin"), isZone("Mars/Olympus")]).toEqual([true, false]);
});
