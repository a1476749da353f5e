import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** The queues of one work pool, by priority; at most 200. */
export function usePoolQueues(pool: string) {
  return useQuery({
    queryKey: ["work-pools", "queues", pool],
    queryFn: ({ signal }) =>
      answerOf(api.POST("/api/work_queues/filter", { body: { pool_names: [pool], limit: 200 }, signal })),
  });
}
