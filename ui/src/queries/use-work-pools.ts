import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** The work pools, by name; at most 200. */
export function useWorkPools() {
  return useQuery({
    queryKey: ["work-pools", "list"],
    queryFn: ({ signal }) => answerOf(api.POST("/api/work_pools/filter", { body: { limit: 200 }, signal })),
  });
}
