import { useInfiniteQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

const PAGE = 20;

/** A deployment's versions, newest first, page after page. */
export function useDeploymentVersions(id: string) {
  return useInfiniteQuery({
    queryKey: ["deployments", "versions", id],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.POST("/api/deployments/{id}/versions", {
          params: { path: { id } },
          body: { limit: PAGE, after: pageParam },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}
