import { Maximize2, ZoomIn, ZoomOut } from "lucide-react";
import { useEffect, useMemo, useRef, type KeyboardEvent, type PointerEvent } from "react";

import type { GraphEdge, GraphNode } from "@/api/types";
import { Button } from "@/components/ui/button";
import { useCanvas } from "@/components/use-canvas";
import { layered } from "@/lib/layered";
import { countOf, numberOf } from "@/lib/plural";
import { toneOfNode, typeOfNode } from "@/lib/run-nodes";
import { labelOfType } from "@/lib/states";
import { relatives } from "@/lib/timeline";

interface GraphCanvasProps {
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
  selected: number | undefined;
  onSelect: (node: number | undefined) => void;
}

interface View {
  scale: number;
  x: number;
  y: number;
}

const WIDE = 168;
const HIGH = 34;
const STEP_X = WIDE + 72;
const STEP_Y = HIGH + 14;

/** The runs within a run as boxes, with arrows for what depends on what: to move, to zoom, and to walk by keyboard. */
export function GraphCanvas({ nodes, edges, selected, onSelect }: GraphCanvasProps) {
  const boxes = useMemo(
    () => layered(nodes.length, edges).map(({ layer, place }) => ({ x: layer * STEP_X, y: place * STEP_Y })),
    [nodes, edges],
  );
  const view = useRef<View | undefined>(undefined);
  const lit = useMemo(() => {
    if (selected === undefined) return undefined;
    const { upstream, downstream } = relatives(edges, selected);
    return new Set([selected, ...upstream, ...downstream]);
  }, [edges, selected]);

  const { canvas, redraw } = useCanvas((context, { width, height }, palette) => {
    view.current ??= fitting(boxes, width, height);
    const { scale, x, y } = view.current;
    context.translate(x, y);
    context.scale(scale, scale);
    context.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    context.textBaseline = "middle";
    const [left, top, right, bottom] = [-x / scale, -y / scale, (width - x) / scale, (height - y) / scale];
    context.lineWidth = 1.25;
    for (const { source, target, kind } of edges) {
      const [from, to] = [boxes[source]!, boxes[target]!];
      const [x1, y1, x2, y2] = [from.x + WIDE, from.y + HIGH / 2, to.x, to.y + HIGH / 2];
      if (Math.max(x1, x2) < left || Math.min(x1, x2) > right) continue;
      if (Math.max(y1, y2) < top || Math.min(y1, y2) > bottom) continue;
      const isNear = source === selected || target === selected;
      context.strokeStyle = isNear ? palette.accent : palette.lineStrong;
      context.globalAlpha = lit === undefined || isNear ? 1 : 0.25;
      context.setLineDash(kind === "CALL" ? [4, 3] : []);
      const bend = Math.max(24, Math.abs(x2 - x1) / 2);
      context.beginPath();
      context.moveTo(x1, y1);
      context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
      context.stroke();
    }
    context.setLineDash([]);
    boxes.forEach((box, number) => {
      if (box.x > right || box.x + WIDE < left || box.y > bottom || box.y + HIGH < top) return;
      const node = nodes[number]!;
      context.globalAlpha = lit === undefined || lit.has(number) ? 1 : 0.3;
      context.fillStyle = palette.surface;
      context.strokeStyle = number === selected ? palette.accent : palette.lineStrong;
      context.lineWidth = number === selected ? 2 : 1;
      context.beginPath();
      context.roundRect(box.x, box.y, WIDE, HIGH, 7);
      context.fill();
      context.stroke();
      context.fillStyle = palette.tones[toneOfNode(node)];
      context.beginPath();
      context.roundRect(box.x + 5, box.y + 6, 4, HIGH - 12, 2);
      context.fill();
      if (scale < 0.35) return;
      context.fillStyle = palette.ink;
      const count = node.count > 1 ? numberOf(node.count) : "";
      const room = WIDE - 26 - (count === "" ? 0 : context.measureText(count).width + 8);
      context.fillText(cut(context, node.name || "Others", room), box.x + 16, box.y + HIGH / 2);
      if (count !== "") {
        context.fillStyle = palette.inkMuted;
        context.textAlign = "right";
        context.fillText(count, box.x + WIDE - 8, box.y + HIGH / 2);
        context.textAlign = "left";
      }
    });
    context.globalAlpha = 1;
  });

  function zoom(factor: number, around?: { x: number; y: number }) {
    const { scale, x, y } = view.current ?? { scale: 1, x: 0, y: 0 };
    const element = canvas.current;
    const at = around ?? { x: (element?.clientWidth ?? 0) / 2, y: (element?.clientHeight ?? 0) / 2 };
    const next = Math.min(2.5, Math.max(0.02, scale * factor));
    view.current = {
      scale: next,
      x: at.x - ((at.x - x) * next) / scale,
      y: at.y - ((at.y - y) * next) / scale,
    };
    redraw();
  }
  function pan(x: number, y: number) {
    if (view.current === undefined) return;
    view.current = { ...view.current, x: view.current.x + x, y: view.current.y + y };
    redraw();
  }
  function boxAt(x: number, y: number): number | undefined {
    const { scale, x: left, y: top } = view.current ?? { scale: 1, x: 0, y: 0 };
    const [graphX, graphY] = [(x - left) / scale, (y - top) / scale];
    const found = boxes.findIndex(
      (box) => graphX >= box.x && graphX <= box.x + WIDE && graphY >= box.y && graphY <= box.y + HIGH,
    );
    return found < 0 ? undefined : found;
  }

  const wheel = useRef<(event: WheelEvent) => void>(() => undefined);
  useEffect(() => {
    wheel.current = (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const by = Math.min(60, Math.max(-60, event.deltaY));
        zoom(Math.exp(-by * 0.006), { x: event.offsetX, y: event.offsetY });
      } else if (document.activeElement === canvas.current) {
        // The page scrolls past it, but not for who has gone into it.
        event.preventDefault();
        pan(-event.deltaX, -event.deltaY);
      }
    };
  });
  useEffect(() => {
    const element = canvas.current;
    const listen = (event: WheelEvent) => wheel.current(event);
    element?.addEventListener("wheel", listen, { passive: false });
    return () => element?.removeEventListener("wheel", listen);
  }, [canvas]);

  const pointers = useRef(new Map<number, { x: number; y: number }>());
  const isMoved = useRef(false);
  const at = (event: PointerEvent) => ({ x: event.nativeEvent.offsetX, y: event.nativeEvent.offsetY });
  function press(event: PointerEvent<HTMLCanvasElement>) {
    event.currentTarget.setPointerCapture(event.pointerId);
    if (pointers.current.size === 0) isMoved.current = false;
    pointers.current.set(event.pointerId, at(event));
  }
  function move(event: PointerEvent<HTMLCanvasElement>) {
    const before = pointers.current.get(event.pointerId);
    if (before === undefined) return;
    const point = at(event);
    if (pointers.current.size === 2) {
      const other = [...pointers.current].find(([id]) => id !== event.pointerId)![1];
      const [was, is] = [
        Math.hypot(before.x - other.x, before.y - other.y),
        Math.hypot(point.x - other.x, point.y - other.y),
      ];
      if (was > 8) zoom(is / was, { x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 });
      isMoved.current = true;
    } else {
      if (Math.hypot(point.x - before.x, point.y - before.y) > 2) isMoved.current = true;
      if (isMoved.current) pan(point.x - before.x, point.y - before.y);
    }
    pointers.current.set(event.pointerId, point);
  }
  function release(event: PointerEvent<HTMLCanvasElement>) {
    pointers.current.delete(event.pointerId);
    if (event.type === "pointerup" && !isMoved.current) onSelect(boxAt(at(event).x, at(event).y));
  }

  function walk(key: string) {
    if (selected === undefined) {
      onSelect(0);
      return;
    }
    const here = boxes[selected]!;
    const { upstream, downstream } = relatives(edges, selected);
    const next =
      key === "ArrowRight"
        ? downstream[0]
        : key === "ArrowLeft"
          ? upstream[0]
          : nearest(boxes, selected, here, key === "ArrowDown" ? 1 : -1);
    if (next !== undefined) onSelect(next);
  }
  function key(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const shifts: Record<string, [number, number]> = {
      ArrowLeft: [60, 0],
      ArrowRight: [-60, 0],
      ArrowUp: [0, 60],
      ArrowDown: [0, -60],
    };
    if (event.shiftKey && shifts[event.key] !== undefined) pan(...shifts[event.key]!);
    else if (shifts[event.key] !== undefined) walk(event.key);
    else if (event.key === "+" || event.key === "=") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else if (event.key === "0") fit();
    else if (event.key === "Escape") onSelect(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  function fit() {
    view.current = undefined;
    redraw();
  }
  const shown = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (shown.current === selected) return;
    shown.current = selected;
    const box = selected === undefined ? undefined : boxes[selected];
    const element = canvas.current;
    if (box === undefined || view.current === undefined || element === null) return;
    const { scale, x, y } = view.current;
    const [left, top] = [box.x * scale + x, box.y * scale + y];
    const isSeen =
      left >= 0 &&
      top >= 0 &&
      left + WIDE * scale <= element.clientWidth &&
      top + HIGH * scale <= element.clientHeight;
    if (!isSeen) pan(element.clientWidth / 2 - left, element.clientHeight / 2 - top);
  });

  const told = selected === undefined ? undefined : nodes[selected];
  return (
    <div className="relative">
      {}
      <canvas
        ref={canvas}
        // eslint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role -- as said above
        role="application"
        aria-roledescription="graph"
        aria-label="Graph of runs. Arrow keys walk along the arrows, plus and minus zoom, Shift with arrows moves, zero shows all. The table shows the same."

        tabIndex={0}
        className="block h-[max(18rem,62vh)] w-full cursor-grab touch-none select-none focus-visible:outline-offset-[-2px] active:cursor-grabbing"
        onPointerDown={press}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={release}
        onKeyDown={key}
      />
      <div className="absolute top-1 right-1 flex gap-0.5 rounded bg-surface">
        <Button variant="ghost" size="icon-sm" aria-label="Zoom out" onClick={() => zoom(1 / 1.4)}>
          <ZoomOut />
        </Button>
        <Button variant="ghost" size="icon-sm" aria-label="Zoom in" onClick={() => zoom(1.4)}>
          <ZoomIn />
        </Button>
        <Button variant="ghost" size="icon-sm" aria-label="Show all" onClick={fit}>
          <Maximize2 />
        </Button>
      </div>
      <p aria-live="polite" className="sr-only">
        {told === undefined
          ? ""
          : `${told.name}, ${countOf(told.count, "run")}, ${labelOfType(typeOfNode(told))}`}
      </p>
    </div>
  );
}

type Point = { x: number; y: number };

function fitting(boxes: readonly Point[], width: number, height: number): View {
  const [left, right] = [0, Math.max(...boxes.map(({ x }) => x)) + WIDE];
  const [top, bottom] = [Math.min(...boxes.map(({ y }) => y)), Math.max(...boxes.map(({ y }) => y)) + HIGH];
  const margin = 24;
  // A long graph is shown from its beginning at a size that can be read, rather than whole and too small.
  const whole = Math.min((width - margin * 2) / (right - left), (height - margin * 2) / (bottom - top));
  const scale = Math.min(1, Math.max(whole, 0.6));
  return {
    scale,
    x: Math.max(margin, (width - (right - left) * scale) / 2),
    y: Math.max(margin - top * scale, height / 2 - ((top + bottom) / 2) * scale),
  };
}

function nearest(
  boxes: readonly Point[],
  selected: number,
  here: Point,
  direction: 1 | -1,
): number | undefined {
  let best: number | undefined;
  boxes.forEach((box, number) => {
    if (number === selected || box.x !== here.x || (box.y - here.y) * direction <= 0) return;
    if (best === undefined || Math.abs(box.y - here.y) < Math.abs(boxes[best]!.y - here.y)) best = number;
  });
  return best;
}

function cut(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let length = Math.min(text.length, Math.floor(room / 4));
  while (length > 0 && context.measureText(`${text.slice(0, length)}…`).width > room) length -= 1;
  return `${text.slice(0, length)}…`;
}
