import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** The queues of all work pools, with what waits in them; at most 200. */
export function useWorkQueues() {
  return useQuery({
    queryKey: ["work-pools", "queues"],
    queryFn: ({ signal }) => answerOf(api.POST("/api/work_queues/filter", { body: { limit: 200 }, signal })),
  });
}
