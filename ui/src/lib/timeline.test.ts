import { expect, test } from "vitest";

import type { RunNode } from "./run-nodes";
import { layOut, moved, neighbour, relatives, ticksOf, zoomed } from "./timeline";

const AT = Date.parse("2026-01-01T00:00:00Z");
const instant = (seconds: number) => new Date(AT + seconds * 1000).toISOString();

function node(key: string, start: number | null, end: number | null, more: Partial<RunNode> = {}): RunNode {
  return {
    kind: "TASK_RUNS",
    name: `${key}-1`,
    key: `flows.${key}`,
    count: 1,
    by_type: end === null ? { [start === null ? "PENDING" : "RUNNING"]: 1 } : { COMPLETED: 1 },
    first: key,
    start_time: start === null ? null : instant(start),
    end_time: end === null ? null : instant(end),
    ...more,
  };
}

test("bars that overlap lie in rows of their own, in a lane for each task, the lanes by their beginning", () => {
  const layout = layOut([
    node("b", 5, 9),
    node("a", 0, 4),
    node("a", 1, 3),
    node("a", 4, 6),
    node("c", null, null),
  ]);
  expect(layout.lanes.map(({ label, firstRow, rows, waiting }) => [label, firstRow, rows, waiting])).toEqual([
    ["a", 0, 2, 0],
    ["b", 2, 1, 0],
    ["c", 3, 1, 1],
  ]);
  expect(layout.byNode.map((bar) => bar?.row)).toEqual([2, 0, 1, 0, undefined]);
  expect([layout.start, layout.end, layout.rows]).toEqual([AT, AT + 9000, 4]);
});

test("what goes on has no end, and nothing comes after it in its row", () => {
  const layout = layOut([node("a", 0, null), node("a", 5, 6)]);
  expect(layout.bars.map(({ row, end }) => [row, end])).toEqual([
    [0, Infinity],
    [1, AT + 6000],
  ]);
});

test("zooming keeps the instant under the pointer where it is, and the whole in sight", () => {
  const whole = { from: 0, to: 1000 };
  expect(zoomed(whole, 0.5, 250, whole)).toEqual({ from: 125, to: 625 });
  expect(zoomed({ from: 0, to: 2 }, 0.1, 1, whole)).toEqual({ from: 0.5, to: 1.5 });
  expect(zoomed(whole, 100, 500, whole)).toEqual({ from: -250, to: 1250 });
  expect(moved({ from: 0, to: 100 }, 1e9, whole)).toEqual({ from: 950, to: 1050 });
});

test("the axis has round steps, at most as many as there is room for", () => {
  expect(ticksOf({ from: 100, to: 1100 }, 100, 5)).toEqual([0, 200, 400, 600, 800, 1000]);
  expect(ticksOf({ from: 50, to: 3_600_050 }, 50, 4).map((at) => at / 60_000)).toEqual([0, 15, 30, 45, 60]);
});

test("the arrow keys lead along a row and to the nearest bar of the next one", () => {
  const layout = layOut([node("a", 0, 1), node("a", 2, 3), node("b", 2.5, 4)]);
  const [first, second, below] = layout.byNode;
  expect(neighbour(layout, undefined, "ArrowRight")).toBe(first);
  expect(neighbour(layout, first, "ArrowRight")).toBe(second);
  expect(neighbour(layout, second, "ArrowDown")).toBe(below);
  expect(neighbour(layout, below, "ArrowUp")).toBe(second);
  expect(neighbour(layout, first, "ArrowUp")).toBeUndefined();
});

test("what is upstream and downstream of a node", () => {
  const edges = [
    { source: 0, target: 1 },
    { source: 1, target: 2 },
  ];
  expect(relatives(edges, 1)).toEqual({ upstream: [0], downstream: [2] });
});
