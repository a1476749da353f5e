import { ChartGantt, SearchX } from "lucide-react";
import { useMemo, useState } from "react";

import type { FlowRun } from "@/api/types";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { useNow } from "@/lib/now";
import { countOf } from "@/lib/plural";
import { isTerminal } from "@/lib/states";
import { layOut, relatives, type Span } from "@/lib/timeline";
import { useFlowRunGraph } from "@/queries/use-flow-run-graph";

import { NodePanel } from "../node-panel";
import { NodeTable } from "../node-table";
import { TimelineCanvas } from "./timeline-canvas";
import { NODES, useDetail } from "./use-detail";

/** What ran within a run, over time. */
export function TimelineTab({ run }: { run: FlowRun }) {
  const graph = useFlowRunGraph({ id: run.id, nodes: NODES });
  const [span, setSpan] = useState<Span | undefined>(undefined);
  const { nodes, edges, isRefining } = useDetail(run.id, graph.data, span);
  const layout = useMemo(() => layOut(nodes), [nodes]);
  const [shape, setShape] = useState<"chart" | "table">("chart");
  const [selectedId, setSelectedId] = useState<string | undefined>(undefined);
  const [search, setSearch] = useState("");

  const found = nodes.findIndex(({ first }) => first === selectedId);
  const selected = found < 0 ? undefined : found;
  const select = (node: number | undefined) =>
    setSelectedId(node === undefined ? undefined : nodes[node]?.first);
  const matches = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    if (wanted === "") return undefined;
    return nodes.flatMap(({ name, key }, number) =>
      name.toLowerCase().includes(wanted) || key.toLowerCase().includes(wanted) ? [number] : [],
    );
  }, [nodes, search]);
  const lit = useMemo(() => {
    if (matches !== undefined) return new Set(matches);
    if (selected === undefined) return undefined;
    const { upstream, downstream } = relatives(edges, selected);
    return upstream.length + downstream.length === 0
      ? undefined
      : new Set([selected, ...upstream, ...downstream]);
  }, [matches, selected, edges]);

  const isLive = !isTerminal(run.state.type);
  const present = useNow();
  const now = isLive ? present : Math.max(Date.parse(run.end_time ?? run.created), layout.end);
  const origin = Date.parse(run.start_time ?? run.created);
  const whole = useMemo(() => {
    const from = Math.min(origin, layout.start);
    const to = Math.max(
      isLive ? now : Math.max(layout.end, Date.parse(run.end_time ?? run.created)),
      from + 10,
    );
    return { from: from - (to - from) * 0.01, to: to + (to - from) * 0.03 };
  }, [origin, layout, isLive, now, run.end_time, run.created]);

  function stepToMatch(by: 1 | -1) {
    if (matches === undefined || matches.length === 0) return;
    const at = selected === undefined ? -1 : matches.indexOf(selected);
    select(matches[at < 0 ? 0 : (at + by + matches.length) % matches.length]);
  }

  if (graph.isPending) return <Skeleton className="h-96 w-full rounded-xl" />;
  if (graph.isError) {
    return <ErrorPanel what="The timeline" error={graph.error} onRetry={() => void graph.refetch()} />;
  }
  if (nodes.length === 0) {
    return (
      <EmptyState icon={ChartGantt} title={isLive ? "No task has run yet" : "No task ran"}>
        Tasks and subflows that the flow calls appear here as bars over time.
      </EmptyState>
    );
  }
  return (
    <section aria-label="Timeline" className="rounded-xl border border-line bg-surface shadow-panel">
      <div className="flex flex-wrap items-center gap-2 border-b border-line p-2">
        <Input
          type="search"
          aria-label="Search the timeline"
          placeholder="Search tasks and runs"
          className="w-full sm:w-56!"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") stepToMatch(event.shiftKey ? -1 : 1);
          }}
        />
        {matches !== undefined && (
          <span role="status" className="tabular text-xs text-ink-muted">
            {matches.length === 0
              ? "Not found"
              : `${countOf(matches.length, "match").replace("matchs", "matches")}`}
          </span>
        )}
        <span className="ml-auto flex flex-wrap items-center gap-3 text-xs text-ink-muted">
          <span className="tabular">
            {countOf(graph.data.runs, "run", graph.data.is_capped)}
            {graph.data.is_grouped && " in groups: zoom in to see each"}
            {isRefining && " …"}
          </span>
          <Segmented
            label="How it is shown"
            value={shape}
            options={[
              { value: "chart", label: "Chart" },
              { value: "table", label: "Table" },
            ]}
            onChange={setShape}
          />
        </span>
      </div>
      {shape === "table" ? (
        <div className="p-2">
          <NodeTable nodes={matches === undefined ? nodes : matches.map((number) => nodes[number]!)} />
          {matches?.length === 0 && <EmptyState icon={SearchX} title="No run matches" />}
        </div>
      ) : (
        <div className="flex flex-col lg:flex-row">
          <div className="min-w-0 flex-1">
            <TimelineCanvas
              nodes={nodes}
              edges={edges}
              layout={layout}
              whole={whole}
              origin={origin}
              now={now}
              isLive={isLive}
              selected={selected}
              onSelect={select}
              lit={lit}
              onSpan={setSpan}
            />
          </div>
          {selected !== undefined && (
            <NodePanel runId={run.id} nodes={nodes} edges={edges} selected={selected} onSelect={select} />
          )}
        </div>
      )}
    </section>
  );
}
