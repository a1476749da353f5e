import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** The events of a task run, oldest first: one a state. */
export function useTaskRunEvents(id: string) {
  return useQuery({
    queryKey: ["task-runs", "events", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/task_runs/{id}/events", { params: { path: { id } }, signal })),
  });
}
