import { QueryClient } from "@tanstack/react-query";

import { ApiError } from "@/api/errors";

/** Returns what keeps the answers. Events say when one is stale (see stream/live.tsx), so nothing is asked for by time. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < 2 && error instanceof ApiError && error.isPassing,
      },
    },
  });
}
