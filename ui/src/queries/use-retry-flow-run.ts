import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

import { accepted } from "./verdicts";

/** Has a flow run that ended badly carried out again: what completed and kept its result does not run again. */
export function useRetryFlowRun(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (reason: string) =>
      accepted(
        await answerOf(
          api.POST("/api/flow_runs/{id}/retry", {
            params: { path: { id } },
            body: { reason: reason || null },
          }),
        ),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["flow-runs"] }),
  });
}
