import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { TaskRunFilter } from "@/api/types";

/** How many task runs a filter means; the count stops at 10,000. */
export function useTaskRunCount(filter: TaskRunFilter) {
  return useQuery({
    queryKey: ["task-runs", "count", filter],
    queryFn: ({ signal }) => answerOf(api.POST("/api/task_runs/count", { body: { filter }, signal })),
    placeholderData: keepPreviousData,
  });
}
