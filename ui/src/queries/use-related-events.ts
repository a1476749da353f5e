import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

const PAGE = 100;

/** The events of a flow run and those that relate to it, the newest first. Events of task runs are not among them. */
export function useRelatedEvents(flowRunId: string, of: "itself" | "related") {
  const filter =
    of === "itself"
      ? { resource_ids: [`penstock.flow-run.${flowRunId}`] }
      : { related_ids: [`penstock.flow-run.${flowRunId}`] };
  return useInfiniteQuery({
    queryKey: ["events", "of-flow-run", of, flowRunId],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.POST("/api/events/filter", {
          body: { filter, limit: PAGE, newest_first: true, after: pageParam },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}
