import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { ViewKind } from "@/api/types";

/** The saved views of a list, by name: the first 200. */
export function useViews(kind: ViewKind) {
  return useQuery({
    queryKey: ["views", kind],
    queryFn: ({ signal }) => answerOf(api.POST("/api/views/filter", { body: { kind, limit: 200 }, signal })),
    staleTime: 60_000,
  });
}
