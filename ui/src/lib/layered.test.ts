import { expect, test } from "vitest";

import { layered } from "./layered";

const edge = (source: number, target: number) => ({ source, target });

test("edges lead from a layer to one further right, by the longest way", () => {
  const placed = layered(4, [edge(0, 1), edge(1, 2), edge(0, 2), edge(2, 3)]);
  expect(placed.map(({ layer }) => layer)).toEqual([0, 1, 2, 3]);
});

test("a circle is cut open and nothing hangs", () => {
  const placed = layered(3, [edge(0, 1), edge(1, 2), edge(2, 0), edge(1, 1)]);
  expect(placed.map(({ layer }) => layer)).toEqual([0, 1, 2]);
});

test("neighbours stand beside each other, so that edges need not cross", () => {
  const placed = layered(4, [edge(0, 3), edge(1, 2)]);
  expect(Math.sign(placed[0]!.place - placed[1]!.place)).toBe(Math.sign(placed[3]!.place - placed[2]!.place));
});

test("a thousand nodes with five thousand edges are laid out, each in a place of its own", () => {
  const edges = Array.from({ length: 5000 }, (_, number) => edge(number % 500, 500 + ((number * 7) % 500)));
  const placed = layered(1000, edges);
  expect(new Set(placed.map(({ layer, place }) => `${layer} ${place}`)).size).toBe(1000);
});
