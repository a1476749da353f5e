import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** The workers of a pool, or of all: those heard of last first, at most 100. */
export function useWorkers(pool?: string) {
  return useQuery({
    queryKey: ["workers", "list", pool],
    queryFn: ({ signal }) => {
      const body = { limit: 100, ...(pool === undefined ? {} : { pool_names: [pool] }) };
      return answerOf(api.POST("/api/workers/filter", { body, signal }));
    },
  });
}
