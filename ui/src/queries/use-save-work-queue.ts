import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { WorkQueueChanges, WorkQueueCreate } from "@/api/types";

export type QueueWanted = { isNew: true; queue: WorkQueueCreate } | { isNew: false; queue: WorkQueueChanges };

/** Makes a queue of a work pool, or changes one. */
export function useSaveWorkQueue() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: QueueWanted) =>
      wanted.isNew
        ? answerOf(api.POST("/api/work_queues", { body: wanted.queue }))
        : answerOf(api.POST("/api/work_queues/update", { body: wanted.queue })),
    onSettled: () => client.invalidateQueries({ queryKey: ["work-pools"] }),
  });
}
