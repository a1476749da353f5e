import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { FlowRunFilter, FlowRunSort } from "@/api/types";

interface SampleWanted {
  filter: FlowRunFilter;
  sort?: FlowRunSort;
  limit: number;
  enabled?: boolean;
}

/** The first few flow runs that a filter means, and whether there are more. */
export function useFlowRunSample({ filter, sort, limit, enabled = true }: SampleWanted) {
  return useQuery({
    queryKey: ["flow-runs", "sample", filter, sort, limit],
    queryFn: ({ signal }) =>
      answerOf(api.POST("/api/flow_runs/filter", { body: { filter, sort, limit }, signal })),
    placeholderData: keepPreviousData,
    enabled,
  });
}
