import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** Flows whose name contains a text: a few, to choose from. */
export function useFlowSuggestions(text: string, enabled = true) {
  return useQuery({
    queryKey: ["flows", "suggestions", text],
    queryFn: ({ signal }) =>
      answerOf(
        api.POST("/api/flows/filter", {
          body: { filter: text === "" ? {} : { name_like: text }, limit: 20 },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    enabled,
  });
}
