import { useInfiniteQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { LogFilter } from "@/api/types";

const PAGE = 500;

/** From which end lines are read: the pages go on from there. */
export type LogEnd = "first" | "last";

interface LogsWanted {
  filter: LogFilter;
  from: LogEnd;
  enabled?: boolean;
}

/** Log lines page after page, from one end of the log towards the other. */
export function useLogs({ filter, from, enabled = true }: LogsWanted) {
  return useInfiniteQuery({
    queryKey: ["logs", filter, from],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.POST("/api/logs/filter", {
          body: { filter, limit: PAGE, after: pageParam, newest_first: from === "last" },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
    // New lines come by the stream; what was read stays as it is.
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}
