import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** Deletes a work pool with its queues. */
export function useDeleteWorkPool() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => answerOf(api.POST("/api/work_pools/delete", { body: { name } })),
    onSuccess: (_, name) => client.removeQueries({ queryKey: ["work-pools", "one", name] }),
    onSettled: () => client.invalidateQueries({ queryKey: ["work-pools"] }),
  });
}
