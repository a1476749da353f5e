import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { TaskRunFilter, TaskRunSort } from "@/api/types";

const PAGE = 100;

interface TaskRunsWanted {
  filter: TaskRunFilter;
  sort?: TaskRunSort;
}

/** The task runs that a filter means, page after page. */
export function useTaskRuns({ filter, sort }: TaskRunsWanted) {
  return useInfiniteQuery({
    queryKey: ["task-runs", "list", filter, sort],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.POST("/api/task_runs/filter", { body: { filter, sort, limit: PAGE, after: pageParam }, signal }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}
