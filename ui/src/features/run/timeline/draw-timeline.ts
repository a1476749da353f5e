import type { GraphEdge, GraphNode } from "@/api/types";
import type { Palette } from "@/components/use-canvas";
import { formatDuration } from "@/lib/duration";
import { numberOf } from "@/lib/plural";
import { sharesOf, toneOfNode } from "@/lib/run-nodes";
import { ticksOf, type Bar, type Span, type TimelineLayout } from "@/lib/timeline";

export const ROW = 22;
export const AXIS = 26;
const BAR = 14;

/** How wide the names of tasks at the left are. */
export function gutterOf(width: number): number {
  return width < 560 ? 96 : Math.min(220, Math.round(width * 0.2));
}

export interface Scene {
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
  layout: TimelineLayout;
  span: Span;
  /** How far it is scrolled down. */
  top: number;
  /** When the run began: the axis counts from there. */
  origin: number;
  now: number;
  isLive: boolean;
  selected: number | undefined;
  hovered: number | undefined;
  /** The nodes that stand out, where not all do. */
  lit: ReadonlySet<number> | undefined;
}

type Size = { width: number; height: number };

/** Draws the timeline: what is in sight of it. */
export function drawTimeline(
  context: CanvasRenderingContext2D,
  size: Size,
  palette: Palette,
  scene: Scene,
): void {
  const gutter = gutterOf(size.width);
  const xOf = (time: number) =>
    gutter + ((time - scene.span.from) / (scene.span.to - scene.span.from)) * (size.width - gutter - 8);
  context.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  context.textBaseline = "middle";
  drawLanes(context, size, palette, scene, gutter);
  context.save();
  context.beginPath();
  context.rect(gutter, AXIS, size.width - gutter, size.height - AXIS);
  context.clip();
  drawGrid(context, size, palette, scene, xOf, gutter);
  for (const bar of scene.layout.bars) drawBar(context, size, palette, scene, bar, xOf);
  if (scene.selected !== undefined) drawDependencies(context, palette, scene, xOf);
  context.restore();
  drawAxis(context, size, palette, scene, xOf, gutter);
}

function drawLanes(
  context: CanvasRenderingContext2D,
  { width, height }: Size,
  palette: Palette,
  scene: Scene,
  gutter: number,
) {
  for (const lane of scene.layout.lanes) {
    const y = AXIS + lane.firstRow * ROW - scene.top;
    const bottom = y + lane.rows * ROW;
    if (bottom < AXIS || y > height) continue;
    context.fillStyle = palette.line;
    context.fillRect(0, Math.round(bottom) - 1, width, 1);
    // The name of a lane that begins above stays in sight.
    const line = Math.min(Math.max(y, AXIS), bottom - ROW) + ROW / 2;
    const suffix = lane.runs > 1 ? numberOf(lane.runs) : "";
    context.fillStyle = palette.inkFaint;
    context.textAlign = "right";
    context.fillText(suffix, gutter - 10, line);
    context.textAlign = "left";
    context.fillStyle = palette.ink;
    const room = gutter - 22 - (suffix === "" ? 0 : context.measureText(suffix).width + 8);
    context.fillText(
      cut(context, lane.kind === "FLOW_RUNS" ? `↳ ${lane.label}` : lane.label, room),
      12,
      line,
    );
  }
  context.fillStyle = palette.line;
  context.fillRect(gutter - 1, 0, 1, height);
}

function drawGrid(
  context: CanvasRenderingContext2D,
  { width, height }: Size,
  palette: Palette,
  scene: Scene,
  xOf: (time: number) => number,
  gutter: number,
) {
  context.fillStyle = palette.line;
  context.globalAlpha = 0.6;
  for (const tick of ticks(scene, width - gutter)) {
    context.fillRect(Math.round(xOf(scene.origin + tick)), AXIS, 1, height);
  }
  context.globalAlpha = 1;
  if (!scene.isLive) return;
  context.fillStyle = palette.tones.running;
  context.fillRect(Math.round(xOf(scene.now)), AXIS, 1, height);
}

function drawBar(
  context: CanvasRenderingContext2D,
  { width, height }: Size,
  palette: Palette,
  scene: Scene,
  bar: Bar,
  xOf: (time: number) => number,
) {
  const y = AXIS + bar.row * ROW - scene.top + (ROW - BAR) / 2;
  if (y > height || y + BAR < AXIS) return;
  const from = xOf(bar.start);
  const to = xOf(Number.isFinite(bar.end) ? bar.end : Math.max(scene.now, bar.start));
  if (to < 0 || from > width) return;
  const [left, right] = [Math.max(from, -10), Math.min(to, width + 10)];
  const wide = Math.max(2, right - left);
  const node = scene.nodes[bar.node]!;
  const isLit = scene.lit === undefined || scene.lit.has(bar.node);
  context.globalAlpha = isLit ? 1 : 0.22;
  if (node.count > 1) {
    let at = y;
    for (const { tone, share } of sharesOf(node)) {
      context.fillStyle = palette.tones[tone];
      context.fillRect(left, at, wide, Math.max(1, share * BAR));
      at += share * BAR;
    }
  } else {
    context.fillStyle = palette.tones[toneOfNode(node)];
    context.beginPath();
    context.roundRect(left, y, wide, BAR, Math.min(3, wide / 2));
    context.fill();
  }
  const isSelected = bar.node === scene.selected;
  if (isSelected || bar.node === scene.hovered) {
    context.strokeStyle = isSelected ? palette.accent : palette.inkMuted;
    context.lineWidth = isSelected ? 2 : 1;
    context.beginPath();
    context.roundRect(left - 1.5, y - 1.5, wide + 3, BAR + 3, 4);
    context.stroke();
  }
  if (wide > 44) {
    const label = node.count > 1 ? `${numberOf(node.count)} × ${node.name}` : node.name;
    const start = Math.max(left, scene.span.from === bar.start ? left : left) + 6;
    context.fillStyle = palette.surface;
    context.fillText(cut(context, label, wide - 12), start, y + BAR / 2 + 0.5);
  }
  context.globalAlpha = 1;
}

function drawDependencies(
  context: CanvasRenderingContext2D,
  palette: Palette,
  scene: Scene,
  xOf: (time: number) => number,
) {
  context.lineWidth = 1.5;
  context.globalAlpha = 0.9;
  for (const { source, target, kind } of scene.edges) {
    if (source !== scene.selected && target !== scene.selected) continue;
    const [one, other] = [scene.layout.byNode[source], scene.layout.byNode[target]];
    if (one === undefined || other === undefined) continue;
    const leaves = kind === "CALL" ? one.start : Number.isFinite(one.end) ? one.end : scene.now;
    const [x1, x2] = [xOf(leaves), xOf(other.start)];
    const [y1, y2] = [one.row, other.row].map((row) => AXIS + row * ROW - scene.top + ROW / 2) as [
      number,
      number,
    ];
    const bend = Math.max(18, Math.abs(x2 - x1) / 2);
    context.strokeStyle = palette.accent;
    context.setLineDash(kind === "CALL" ? [3, 3] : []);
    context.beginPath();
    context.moveTo(x1, y1);
    context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2 - 4, y2);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = palette.accent;
    context.beginPath();
    context.moveTo(x2, y2);
    context.lineTo(x2 - 6, y2 - 3.5);
    context.lineTo(x2 - 6, y2 + 3.5);
    context.fill();
  }
  context.globalAlpha = 1;
}

function drawAxis(
  context: CanvasRenderingContext2D,
  { width }: Size,
  palette: Palette,
  scene: Scene,
  xOf: (time: number) => number,
  gutter: number,
) {
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, width, AXIS);
  context.fillStyle = palette.line;
  context.fillRect(0, AXIS - 1, width, 1);
  context.fillStyle = palette.inkMuted;
  context.textAlign = "center";
  for (const tick of ticks(scene, width - gutter)) {
    const x = xOf(scene.origin + tick);
    if (x < gutter + 14 || x > width - 18) continue;
    const words = formatDuration(Math.abs(tick) / 1000);
    context.fillText(tick < 0 ? `−${words}` : tick === 0 ? "0" : words, x, AXIS / 2);
  }
  context.textAlign = "left";
}

function ticks(scene: Scene, room: number): number[] {
  return ticksOf(scene.span, scene.origin, Math.max(2, Math.floor(room / 84)));
}

function cut(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (room < 8) return "";
  if (context.measureText(text).width <= room) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? "" : `${text.slice(0, low)}…`;
}
