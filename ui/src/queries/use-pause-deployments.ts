import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

interface PauseWanted {
  ids: readonly string[];
  paused: boolean;
}

/** Pauses or resumes the schedules of several deployments, one after the other; says for how many, and the first refusal. */
export function usePauseDeployments() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ ids, paused }: PauseWanted) => {
      let changed = 0;
      let refusal: unknown;
      for (const id of ids) {
        try {
          await answerOf(
            api.POST("/api/deployments/{id}/update", { params: { path: { id } }, body: { paused } }),
          );
          changed += 1;
        } catch (error) {
          refusal ??= error;
        }
      }
      return { changed, refusal };
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["deployments"] }),
  });
}
