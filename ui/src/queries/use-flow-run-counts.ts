import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** How many task runs of a flow run are in a state of each type. */
export function useFlowRunCounts(id: string) {
  return useQuery({
    queryKey: ["run-counts", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/flow_runs/{id}/counts", { params: { path: { id } }, signal })),
  });
}
