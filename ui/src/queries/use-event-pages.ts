import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { EventFilter } from "@/api/types";

const PAGE = 100;

/**
 * The events that a filter means, newest first, page after page. Its key is none that events make stale: those that come in
 * are put in front, see `useEventFeed`.
 */
export function useEventPages(filter: EventFilter) {
  return useInfiniteQuery({
    queryKey: ["event-log", "pages", filter],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.POST("/api/events/filter", {
          body: { filter, newest_first: true, limit: PAGE, after: pageParam },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
}
