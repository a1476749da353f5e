import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

const PAGE = 100;

/** The flows whose name contains a text, by name, page after page. */
export function useFlows(text: string) {
  return useInfiniteQuery({
    queryKey: ["flows", "list", text],
    queryFn: ({ pageParam, signal }) => {
      const body = { filter: text === "" ? {} : { name_like: text }, limit: PAGE, after: pageParam };
      return answerOf(api.POST("/api/flows/filter", { body, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}
