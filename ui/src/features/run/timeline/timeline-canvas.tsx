import { Maximize2, ZoomIn, ZoomOut } from "lucide-react";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

import type { GraphEdge, GraphNode } from "@/api/types";
import { Button } from "@/components/ui/button";
import { useCanvas } from "@/components/use-canvas";
import { formatDuration } from "@/lib/duration";
import { countOf } from "@/lib/plural";
import { typeOfNode } from "@/lib/run-nodes";
import { labelOfType } from "@/lib/states";
import { moved, neighbour, zoomed, type Bar, type Span, type TimelineLayout } from "@/lib/timeline";

import { AXIS, drawTimeline, gutterOf, ROW } from "./draw-timeline";

interface TimelineCanvasProps {
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
  layout: TimelineLayout;
  /** From when to when there is something to see. */
  whole: Span;
  origin: number;
  now: number;
  isLive: boolean;
  selected: number | undefined;
  onSelect: (node: number | undefined) => void;
  lit: ReadonlySet<number> | undefined;
  /** Told when what is seen has stood still for a moment; undefined is all of it. */
  onSpan: (span: Span | undefined) => void;
}

const SETTLES_MS = 220;
const HIT_PX = 3;

/** The runs within a run as bars over time: to zoom, to pan, and to walk through by keyboard. */
export function TimelineCanvas(props: TimelineCanvasProps) {
  const { nodes, layout, whole, selected, onSelect } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const seen = useRef<Span | undefined>(undefined);
  const [hovered, setHovered] = useState<{ node: number; x: number; y: number; width: number } | undefined>(
    undefined,
  );
  const rows = useMemo(() => {
    const byRow = new Map<number, Bar[]>();
    for (const bar of layout.bars) byRow.set(bar.row, [...(byRow.get(bar.row) ?? []), bar]);
    return byRow;
  }, [layout]);
  const spanOf = () => seen.current ?? whole;
  const { canvas, redraw } = useCanvas((context, size, palette) =>
    drawTimeline(context, size, palette, {
      ...props,
      span: spanOf(),
      top: scroller.current?.scrollTop ?? 0,
      hovered: hovered?.node,
    }),
  );

  const settle = useRef<number | undefined>(undefined);
  const tell = useRef(props.onSpan);
  useEffect(() => {
    tell.current = props.onSpan;
  });
  function show(span: Span | undefined) {
    seen.current = span;
    redraw();
    window.clearTimeout(settle.current);
    settle.current = window.setTimeout(() => tell.current(seen.current), SETTLES_MS);
  }
  useEffect(() => () => window.clearTimeout(settle.current), []);

  function timeAt(x: number): number {
    const width = canvas.current?.clientWidth ?? 1;
    const gutter = gutterOf(width);
    const { from, to } = spanOf();
    return from + ((x - gutter) / (width - gutter - 8)) * (to - from);
  }
  const zoom = (factor: number, around?: number) => {
    const { from, to } = spanOf();
    show(zoomed(spanOf(), factor, around ?? (from + to) / 2, whole));
  };
  const pan = (share: number) => show(moved(spanOf(), share * (spanOf().to - spanOf().from), whole));

  function barAt(x: number, y: number): Bar | undefined {
    if (y < AXIS) return undefined;
    const row = Math.floor((y - AXIS + (scroller.current?.scrollTop ?? 0)) / ROW);
    const [from, to] = [timeAt(x - HIT_PX), timeAt(x + HIT_PX)];
    return rows.get(row)?.findLast(({ start, end }) => start <= to && Math.min(end, props.now) >= from);
  }

  // A wheel listener of React's is passive: the page would be zoomed along.
  const wheel = useRef<(event: WheelEvent) => void>(() => undefined);
  useEffect(() => {
    wheel.current = (event) => {
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        zoom(Math.exp(Math.min(60, Math.max(-60, event.deltaY)) * 0.006), timeAt(event.offsetX));
      } else if (isSideways) {
        event.preventDefault();
        const by = event.deltaX !== 0 ? event.deltaX : event.deltaY;
        pan(by / (canvas.current?.clientWidth ?? 1000));
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
  const drag = useRef<{ x: number; y: number; isMoved: boolean } | undefined>(undefined);
  const at = (event: PointerEvent) => ({ x: event.nativeEvent.offsetX, y: event.nativeEvent.offsetY });

  function press(event: PointerEvent<HTMLCanvasElement>) {
    event.currentTarget.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, at(event));
    drag.current = { ...at(event), isMoved: false };
  }
  function move(event: PointerEvent<HTMLCanvasElement>) {
    const point = at(event);
    const before = pointers.current.get(event.pointerId);
    if (before === undefined) {
      const bar = barAt(point.x, point.y);
      if (bar?.node !== hovered?.node)
        setHovered(bar && { node: bar.node, ...point, width: event.currentTarget.clientWidth });
      return;
    }
    if (pointers.current.size === 2) {
      const other = [...pointers.current].find(([id]) => id !== event.pointerId)![1];
      const [was, is] = [Math.abs(before.x - other.x), Math.abs(point.x - other.x)];
      if (was > 8 && is > 8) zoom(was / is, timeAt((point.x + other.x) / 2));
      if (drag.current !== undefined) drag.current.isMoved = true;
    } else if (drag.current !== undefined) {
      const far = Math.hypot(point.x - drag.current.x, point.y - drag.current.y);
      if (far > 4) drag.current.isMoved = true;
      if (drag.current.isMoved) {
        show(moved(spanOf(), timeAt(before.x) - timeAt(point.x), whole));
        if (event.pointerType === "mouse") scroller.current?.scrollBy(0, before.y - point.y);
      }
    }
    pointers.current.set(event.pointerId, point);
  }
  function release(event: PointerEvent<HTMLCanvasElement>) {
    pointers.current.delete(event.pointerId);
    const wasMoved = drag.current?.isMoved ?? true;
    if (pointers.current.size === 0) drag.current = undefined;
    if (event.type === "pointerup" && !wasMoved) onSelect(barAt(at(event).x, at(event).y)?.node);
  }

  function reveal(bar: Bar) {
    const box = scroller.current;
    if (box !== null) {
      const y = bar.row * ROW;
      if (y < box.scrollTop) box.scrollTop = y;
      else if (y + ROW + AXIS > box.scrollTop + box.clientHeight)
        box.scrollTop = y + ROW + AXIS - box.clientHeight;
    }
    const { from, to } = spanOf();
    if (bar.start > to || Math.min(bar.end, props.now) < from) {
      show(moved(spanOf(), bar.start - (from + to) / 2, whole));
    }
  }
  // What is selected elsewhere, by a search or in the panel, comes in sight.
  const revealed = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (revealed.current === selected) return;
    revealed.current = selected;
    const bar = selected === undefined ? undefined : layout.byNode[selected];
    if (bar !== undefined) reveal(bar);
  });

  function key(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act: Record<string, () => void> = {
      "+": () => zoom(0.7),
      "=": () => zoom(0.7),
      "-": () => zoom(1 / 0.7),
      "0": () => show(undefined),
      Escape: () => onSelect(undefined),
    };
    if (event.shiftKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      pan(event.key === "ArrowLeft" ? -0.2 : 0.2);
    } else if (/^(Arrow|Home$|End$)/.test(event.key)) {
      const bar = neighbour(layout, selected === undefined ? undefined : layout.byNode[selected], event.key);
      if (bar !== undefined) onSelect(bar.node);
    } else if (act[event.key] !== undefined) act[event.key]!();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const height = AXIS + layout.rows * ROW;
  const told = selected === undefined ? undefined : nodes[selected];
  const pointed = hovered === undefined ? undefined : nodes[hovered.node];
  return (
    <div className="relative">
      <div
        ref={scroller}
        className="overflow-x-hidden overflow-y-auto"
        style={{ height: `min(${height + 1}px, max(18rem, 62vh))` }}
        onScroll={redraw}
      >
        <div style={{ height }}>
          {}
          <canvas
            ref={canvas}
            // eslint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role -- as said above
            role="application"
            aria-roledescription="timeline"
            aria-label="Timeline of runs. Arrow keys walk from bar to bar, plus and minus zoom, Shift with arrows moves, zero shows all. The table shows the same."

            tabIndex={0}
            className="sticky top-0 block w-full cursor-default touch-pan-y select-none focus-visible:outline-offset-[-2px]"
            style={{ height: `min(${height}px, max(18rem, 62vh))` }}
            onPointerDown={press}
            onPointerMove={move}
            onPointerUp={release}
            onPointerCancel={release}
            onPointerLeave={() => setHovered(undefined)}
            onDoubleClick={(event) => zoom(0.4, timeAt(event.nativeEvent.offsetX))}
            onKeyDown={key}
          />
        </div>
      </div>
      <div className="absolute top-0.5 right-1 flex gap-0.5 rounded bg-surface">
        <Button variant="ghost" size="icon-sm" aria-label="Zoom out" onClick={() => zoom(1 / 0.6)}>
          <ZoomOut />
        </Button>
        <Button variant="ghost" size="icon-sm" aria-label="Zoom in" onClick={() => zoom(0.6)}>
          <ZoomIn />
        </Button>
        <Button variant="ghost" size="icon-sm" aria-label="Show all" onClick={() => show(undefined)}>
          <Maximize2 />
        </Button>
      </div>
      {pointed !== undefined && hovered !== undefined && (
        <div
          aria-hidden
          className="pointer-events-none absolute z-10 max-w-72 rounded-md border border-line bg-surface px-2 py-1 text-xs shadow-float"
          style={{
            left: Math.max(4, Math.min(hovered.x + 12, hovered.width - 200)),
            top: hovered.y + 14,
          }}
        >
          <span className="font-medium">{pointed.name || "Others"}</span>
          {pointed.count > 1 && <span className="text-ink-muted"> · {countOf(pointed.count, "run")}</span>}
          <br />
          <span className="text-ink-muted">{describe(pointed, props.now)}</span>
        </div>
      )}
      <p aria-live="polite" className="sr-only">
        {told === undefined
          ? ""
          : `${told.name}, ${countOf(told.count, "run")}, ${describe(told, props.now)}`}
      </p>
    </div>
  );
}

/** A node's state and how long it took, in words. */
function describe(node: GraphNode, now: number): string {
  const state = labelOfType(typeOfNode(node));
  if (!node.start_time) return state;
  const took = (node.end_time ? Date.parse(node.end_time) : now) - Date.parse(node.start_time);
  return `${state}, ${formatDuration(Math.max(0, took) / 1000)}`;
}
