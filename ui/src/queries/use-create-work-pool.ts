import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { WorkPoolCreate } from "@/api/types";

/** Makes a work pool. */
export function useCreateWorkPool() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: WorkPoolCreate) => answerOf(api.POST("/api/work_pools", { body: wanted })),
    onSettled: () => client.invalidateQueries({ queryKey: ["work-pools"] }),
  });
}
