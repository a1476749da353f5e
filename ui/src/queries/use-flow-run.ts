import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** One flow run with its whole history. */
export function useFlowRun(id: string) {
  return useQuery({
    queryKey: ["flow-runs", "one", id],
    queryFn: ({ signal }) => answerOf(api.GET("/api/flow_runs/{id}", { params: { path: { id } }, signal })),
  });
}
