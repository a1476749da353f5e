import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { DeploymentFilter } from "@/api/types";

const PAGE = 100;

/** The deployments that a filter means, by the name of their flow and their own, page after page. */
export function useDeployments(filter: DeploymentFilter) {
  return useInfiniteQuery({
    queryKey: ["deployments", "list", filter],
    queryFn: ({ pageParam, signal }) => {
      const body = { filter, limit: PAGE, after: pageParam };
      return answerOf(api.POST("/api/deployments/filter", { body, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}
