import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** Cancels a flow run: one in progress is told to stop, one that waits ends at once. */
export function useCancelFlowRun(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const body = { filter: { ids: [id] }, dry_run: false, limit: 1 };
      const outcome = await answerOf(api.POST("/api/flow_runs/cancel", { body }));
      const refused = outcome.refused?.[0];
      if (refused !== undefined) throw new Error(refused.reason);
      return outcome;
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["flow-runs"] }),
  });
}
