import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { FlowRunFilter, FlowRunSort } from "@/api/types";

const PAGE = 100;

export interface FlowRunsWanted {
  filter: FlowRunFilter;
  sort?: FlowRunSort;
}

/** The flow runs that a filter means, page after page. */
export function useFlowRuns({ filter, sort }: FlowRunsWanted) {
  return useInfiniteQuery({
    queryKey: ["flow-runs", "list", filter, sort],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.POST("/api/flow_runs/filter", { body: { filter, sort, limit: PAGE, after: pageParam }, signal }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}
