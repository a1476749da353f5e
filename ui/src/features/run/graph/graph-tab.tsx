import { Waypoints } from "lucide-react";
import { useState } from "react";

import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { countOf } from "@/lib/plural";
import { useFlowRunGraph } from "@/queries/use-flow-run-graph";

import { NodePanel } from "../node-panel";
import { NodeTable } from "../node-table";
import { NODES } from "../timeline/use-detail";
import { GraphCanvas } from "./graph-canvas";

/** What depends on what within a run. */
export function GraphTab({ runId }: { runId: string }) {
  const graph = useFlowRunGraph({ id: runId, nodes: NODES });
  const [shape, setShape] = useState<"graph" | "table">("graph");
  const [selectedId, setSelectedId] = useState<string | undefined>(undefined);
  if (graph.isPending) return <Skeleton className="h-96 w-full rounded-xl" />;
  if (graph.isError)
    return <ErrorPanel what="The graph" error={graph.error} onRetry={() => void graph.refetch()} />;
  const { nodes, edges, runs, is_grouped, is_capped } = graph.data;
  if (nodes.length === 0) {
    return (
      <EmptyState icon={Waypoints} title="Nothing is in this run yet">
        Tasks and subflows appear here with what they depend on.
      </EmptyState>
    );
  }
  const found = nodes.findIndex(({ first }) => first === selectedId);
  const selected = found < 0 ? undefined : found;
  const select = (node: number | undefined) =>
    setSelectedId(node === undefined ? undefined : nodes[node]?.first);
  return (
    <section aria-label="Graph" className="rounded-xl border border-line bg-surface shadow-panel">
      <div className="flex flex-wrap items-center justify-between gap-3 border-b border-line p-2 pl-3 text-xs text-ink-muted">
        <span className="tabular">
          {countOf(runs, "run", is_capped)}
          {is_grouped && `, drawn as ${countOf(nodes.length, "group")}`}
          {edges.length > 0 &&
            `, ${countOf(edges.length, "dependenc").replace(/dependencs?$/, edges.length === 1 ? "dependency" : "dependencies")}`}
        </span>
        <Segmented
          label="How it is shown"
          value={shape}
          options={[
            { value: "graph", label: "Graph" },
            { value: "table", label: "Table" },
          ]}
          onChange={setShape}
        />
      </div>
      {shape === "table" ? (
        <div className="p-2">
          <NodeTable nodes={nodes} />
        </div>
      ) : (
        <div className="flex flex-col lg:flex-row">
          <div className="min-w-0 flex-1">
            <GraphCanvas nodes={nodes} edges={edges} selected={selected} onSelect={select} />
          </div>
          {selected !== undefined && (
            <NodePanel runId={runId} nodes={nodes} edges={edges} selected={selected} onSelect={select} />
          )}
        </div>
      )}
    </section>
  );
}
