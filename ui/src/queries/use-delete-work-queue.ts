import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** Deletes a queue of a work pool. */
export function useDeleteWorkQueue() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (queue: { pool_name: string; name: string }) =>
      answerOf(api.POST("/api/work_queues/delete", { body: queue })),
    onSettled: () => client.invalidateQueries({ queryKey: ["work-pools"] }),
  });
}
