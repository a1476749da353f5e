import { isOpen, type RunNode } from "./run-nodes";

/** A bar: from when to when, in milliseconds since 1970, and in which row. */
export interface Bar {
  /** The number of the node. */
  node: number;
  row: number;
  start: number;
  /** Infinity while it goes on. */
  end: number;
}

/** The rows of one task or subflow. */
export interface Lane {
  key: string;
  label: string;
  kind: RunNode["kind"];
  firstRow: number;
  rows: number;
  /** How many runs are in it. */
  runs: number;
  /** How many of them have not begun. */
  waiting: number;
}

export interface TimelineLayout {
  lanes: Lane[];
  bars: Bar[];
  rows: number;
  /** The bar of each node; none of one that has not begun. */
  byNode: (Bar | undefined)[];
  /** When the first bar begins, and when the last one ends as far as they have. */
  start: number;
  end: number;
}

/** Lays nodes out: a lane for each task or subflow, in which bars that overlap lie in rows one below the other. */
export function layOut(nodes: readonly RunNode[]): TimelineLayout {
  const lanes = new Map<string, { label: string; kind: RunNode["kind"]; members: number[] }>();
  nodes.forEach((node, number) => {
    const key = `${node.kind} ${node.key}`;
    let lane = lanes.get(key);
    if (lane === undefined) lanes.set(key, (lane = { label: labelOf(node), kind: node.kind, members: [] }));
    lane.members.push(number);
  });
  const times = nodes.map(timesOf);
  const startOfLane = (members: number[]) =>
    Math.min(...members.map((number) => times[number]?.start ?? Infinity));
  const ordered = [...lanes]
    .map(([key, lane]) => ({ key, ...lane, start: startOfLane(lane.members) }))
    .sort((one, other) => one.start - other.start || one.label.localeCompare(other.label));
  const layout: TimelineLayout = {
    lanes: [],
    bars: [],
    rows: 0,
    byNode: new Array<Bar | undefined>(nodes.length),
    start: Infinity,
    end: -Infinity,
  };
  for (const lane of ordered) {
    const begun = lane.members
      .flatMap((number) => (times[number] === undefined ? [] : [{ number, ...times[number] }]))
      .sort((one, other) => one.start - other.start);
    const ends: number[] = [];
    for (const { number, start, end } of begun) {
      let row = ends.findIndex((until) => until <= start);
      if (row < 0) row = ends.length;
      ends[row] = end;
      const bar = { node: number, row: layout.rows + row, start, end };
      layout.bars.push(bar);
      layout.byNode[number] = bar;
      layout.start = Math.min(layout.start, start);
      layout.end = Math.max(layout.end, Number.isFinite(end) ? end : start);
    }
    const rows = Math.max(1, ends.length);
    layout.lanes.push({
      key: lane.key,
      label: lane.label,
      kind: lane.kind,
      firstRow: layout.rows,
      rows,
      runs: lane.members.reduce((sum, number) => sum + nodes[number]!.count, 0),
      waiting: lane.members.reduce(
        (sum, number) => sum + (times[number] === undefined ? nodes[number]!.count : 0),
        0,
      ),
    });
    layout.rows += rows;
  }
  return layout;
}

function labelOf(node: RunNode): string {
  if (node.kind === "OTHERS") return "Others";
  if (node.count > 1 || node.kind === "FLOW_RUNS") return node.name;
  // The key is the function's qualified name; a run's own name may be anything.
  return (
    node.key
      .split(/[.:]/)
      .at(-1)
      ?.replace(/-[0-9a-f]{8,}$/, "") || node.name
  );
}

function timesOf(node: RunNode): { start: number; end: number } | undefined {
  const started = node.start_time ?? node.end_time;
  if (!started) return undefined;
  const start = Date.parse(started);
  const end = isOpen(node) ? Infinity : Date.parse(node.end_time ?? started);
  return { start, end: Math.max(start, end) };
}

/** What is seen of time: from when to when, in milliseconds. */
export interface Span {
  from: number;
  to: number;
}

const SHORTEST_MS = 1;

/** Returns the span drawn nearer (`factor` below 1) or farther around an instant, within what there is to see. */
export function zoomed(span: Span, factor: number, around: number, whole: Span): Span {
  const width = Math.min(
    Math.max((span.to - span.from) * factor, SHORTEST_MS),
    (whole.to - whole.from) * 1.5,
  );
  const share = (around - span.from) / (span.to - span.from);
  const from = around - share * width;
  return moved({ from, to: from + width }, 0, whole);
}

/** Returns the span moved by some milliseconds; a part of the whole stays in sight. */
export function moved(span: Span, by: number, whole: Span): Span {
  const width = span.to - span.from;
  const slack = width * 0.5;
  const from = Math.min(
    Math.max(span.from + by, whole.from - slack),
    Math.max(whole.to + slack - width, whole.from - slack),
  );
  return { from, to: from + width };
}

const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3, 900e3,
  1800e3, 3600e3, 7200e3, 14400e3, 21600e3, 43200e3, 86400e3, 172800e3, 604800e3, 2592000e3,
];

/** Returns where lines of the time axis stand, at most so many: milliseconds since `origin`. */
export function ticksOf(span: Span, origin: number, most: number): number[] {
  const wanted = (span.to - span.from) / Math.max(1, most);
  const step = STEPS_MS.find((size) => size >= wanted) ?? wanted;
  const first = Math.ceil((span.from - origin) / step) * step;
  const ticks: number[] = [];
  for (let at = first; at <= span.to - origin && ticks.length <= most + 1; at += step) ticks.push(at);
  return ticks;
}

/** Returns the bar next to one in a direction, for who walks with the arrow keys. */
export function neighbour(layout: TimelineLayout, from: Bar | undefined, key: string): Bar | undefined {
  const { bars } = layout;
  if (bars.length === 0) return undefined;
  if (key === "Home" || from === undefined) return bars[0];
  if (key === "End") return bars.at(-1);
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const row = bars.filter((bar) => bar.row === from.row).sort((one, other) => one.start - other.start);
    return row[row.indexOf(from) + (key === "ArrowRight" ? 1 : -1)];
  }
  const down = key === "ArrowDown";
  let best: Bar | undefined;
  for (const bar of bars) {
    if (down ? bar.row <= from.row : bar.row >= from.row) continue;
    const [distance, bestDistance] = [
      Math.abs(bar.row - from.row),
      best === undefined ? Infinity : Math.abs(best.row - from.row),
    ];
    const isNearer = Math.abs(bar.start - from.start) < Math.abs((best?.start ?? Infinity) - from.start);
    if (distance < bestDistance || (distance === bestDistance && isNearer)) best = bar;
  }
  return best;
}

/** Which nodes lie upstream and downstream of one. */
export function relatives(edges: readonly { source: number; target: number }[], node: number) {
  return {
    upstream: edges.flatMap(({ source, target }) => (target === node ? [source] : [])),
    downstream: edges.flatMap(({ source, target }) => (source === node ? [target] : [])),
  };
}
