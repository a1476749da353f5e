import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** Deletes the record of a flow run, with its task runs, its logs and the runs that it called. */
export function useDeleteFlowRun(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answerOf(api.DELETE("/api/flow_runs/{id}", { params: { path: { id } } })),
    onSuccess: () => {
      client.removeQueries({ queryKey: ["flow-runs", "one", id] });
      return client.invalidateQueries({ queryKey: ["flow-runs", "list"] });
    },
  });
}
