import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { FlowRunFilter } from "@/api/types";

/** How many flow runs a filter means; the count stops at 10,000. */
export function useFlowRunCount(filter: FlowRunFilter) {
  return useQuery({
    queryKey: ["flow-runs", "count", filter],
    queryFn: ({ signal }) => answerOf(api.POST("/api/flow_runs/count", { body: { filter }, signal })),
    placeholderData: keepPreviousData,
  });
}
