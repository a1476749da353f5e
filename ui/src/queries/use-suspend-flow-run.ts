import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

import { accepted } from "./verdicts";

/** Has a flow run wait, without a process, until somebody resumes it. */
export function useSuspendFlowRun(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const state = { type: "PAUSED", name: "Suspended", timestamp: new Date().toISOString() } as const;
      return accepted(
        await answerOf(
          api.POST("/api/flow_runs/{id}/propose", {
            params: { path: { id } },
            body: { proposal: { state } },
          }),
        ),
      );
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["flow-runs"] }),
  });
}
