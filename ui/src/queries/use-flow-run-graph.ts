import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

interface GraphWanted {
  id: string;
  /** How many nodes there are at most; runs share nodes where there are more. */
  nodes: number;
  /** Only runs that started within these bounds. */
  within?: { after: string; before: string };
  enabled?: boolean;
}

/** How the runs within a flow run hang together. */
export function useFlowRunGraph({ id, nodes, within, enabled = true }: GraphWanted) {
  return useQuery({
    queryKey: ["run-graph", id, nodes, within ?? null],
    queryFn: ({ signal }) =>
      answerOf(
        api.POST("/api/flow_runs/{id}/graph", {
          params: { path: { id } },
          body: { nodes, started_after: within?.after, started_before: within?.before },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    enabled,
  });
}
