import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import { EXACTLY } from "@/api/exact";
import type { BackfillCreate } from "@/api/types";

/** Has a deployment run for every instant of a range; with `dry_run` only says how many runs there would be. */
export function useCreateBackfill() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: BackfillCreate) =>
      answerOf(api.POST("/api/backfills", { body: wanted, ...EXACTLY })),
    onSettled: (_, __, { dry_run }) =>
      dry_run === true ? undefined : client.invalidateQueries({ queryKey: ["flow-runs"] }),
  });
}
