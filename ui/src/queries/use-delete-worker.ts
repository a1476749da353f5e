import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** Forgets a worker that is gone. */
export function useDeleteWorker() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answerOf(api.POST("/api/workers/delete", { body: { worker_id: id } })),
    onSettled: () => client.invalidateQueries({ queryKey: ["workers"] }),
  });
}
