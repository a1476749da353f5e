import { useQuery } from "@tanstack/react-query";

import { api } from "@/api/client";
import { exactAnswerOf } from "@/api/exact";
import type { WorkPool } from "@/api/types";

/** One work pool, also as it was written: its template is changed and sent back. */
export function useWorkPool(name: string) {
  return useQuery({
    queryKey: ["work-pools", "one", name],
    queryFn: ({ signal }) =>
      exactAnswerOf<WorkPool>(api.POST("/api/work_pools/read", { body: { name }, parseAs: "text", signal })),
  });
}
