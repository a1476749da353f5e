import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** One task run with its whole history; none is asked for without an id. */
export function useTaskRun(id: string | null) {
  return useQuery({
    queryKey: ["task-runs", "one", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/task_runs/{id}", { params: { path: { id: id! } }, signal })),
    enabled: id !== null,
  });
}
