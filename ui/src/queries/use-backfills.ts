import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** A deployment's newest backfills. */
export function useBackfills(deploymentId: string, limit = 10) {
  return useQuery({
    // Not "backfills" alone: how far one is changes with its runs.
    queryKey: ["flow-runs", "backfills", deploymentId, limit],
    queryFn: ({ signal }) =>
      answerOf(
        api.POST("/api/backfills/filter", { body: { deployment_ids: [deploymentId], limit }, signal }),
      ),
  });
}
