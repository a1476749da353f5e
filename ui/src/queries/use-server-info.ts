import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** What the server is, what its database holds, and how long it keeps that. */
export function useServerInfo() {
  return useQuery({
    queryKey: ["servers", "info"],
    queryFn: ({ signal }) => answerOf(api.GET("/api/server", { signal })),
    staleTime: 60_000,
  });
}
