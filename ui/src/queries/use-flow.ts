import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** One flow. */
export function useFlow(id: string) {
  return useQuery({
    queryKey: ["flows", "one", id],
    queryFn: ({ signal }) => answerOf(api.GET("/api/flows/{id}", { params: { path: { id } }, signal })),
  });
}
