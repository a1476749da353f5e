import { useMemo } from "react";

import type { Graph, GraphEdge, GraphNode } from "@/api/types";
import type { Span } from "@/lib/timeline";
import { useFlowRunGraph } from "@/queries/use-flow-run-graph";

export const NODES = 1_000;

/**
 * The runs that are seen. Where there are so many that they are grouped, those within the span that is looked at are asked
 * for by themselves, and take the place of their groups.
 */
export function useDetail(id: string, graph: Graph | undefined, span: Span | undefined) {
  const isWanted = graph !== undefined && graph.is_grouped && span !== undefined;
  const within = isWanted
    ? { after: new Date(span.from).toISOString(), before: new Date(span.to).toISOString() }
    : undefined;
  const detail = useFlowRunGraph({ id, nodes: NODES, within, enabled: isWanted });
  const near = isWanted && !detail.isPlaceholderData ? detail.data : undefined;
  const merged = useMemo(() => {
    if (graph === undefined) return { nodes: [], edges: [] };
    if (near === undefined || span === undefined) return { nodes: graph.nodes, edges: graph.edges };
    return merge(graph, near, span);
  }, [graph, near, span]);
  return { ...merged, isRefined: near !== undefined, isRefining: isWanted && detail.isFetching };
}

function merge(graph: Graph, near: Graph, span: Span): { nodes: GraphNode[]; edges: GraphEdge[] } {
  // Groups that reach out of the span stay, as what is beyond it would be gone with them.
  const kept = new Map<number, number>();
  const nodes: GraphNode[] = [];
  graph.nodes.forEach((node, number) => {
    const start = Date.parse(node.start_time ?? node.end_time ?? "");
    if (start >= span.from && start < span.to) return;
    kept.set(number, nodes.length);
    nodes.push(node);
  });
  const first = nodes.length;
  const edges = graph.edges.flatMap((edge) => {
    const [source, target] = [kept.get(edge.source), kept.get(edge.target)];
    return source === undefined || target === undefined ? [] : [{ ...edge, source, target }];
  });
  for (const edge of near.edges)
    edges.push({ ...edge, source: edge.source + first, target: edge.target + first });
  return { nodes: [...nodes, ...near.nodes], edges };
}
