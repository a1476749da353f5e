import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { StateType } from "@/lib/states";

export interface StateWanted {
  type: StateType;
  name: string;
  message: string | null;
  /** Enter it whatever the rules say. */
  force: boolean;
}

/** Puts a flow run into a state by hand; the server writes down who did it. */
export function useSetFlowRunState(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ type, name, message, force }: StateWanted) => {
      const state = { type, name, message, timestamp: new Date().toISOString() };
      const body = { filter: { ids: [id] }, state, force, dry_run: false, limit: 1 };
      const outcome = await answerOf(api.POST("/api/flow_runs/set_state", { body }));
      const refused = outcome.refused?.[0];
      if (refused !== undefined) throw new Error(refused.reason);
      return outcome;
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["flow-runs"] }),
  });
}
