import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** Deployments whose name contains a text: a few, to choose from. */
export function useDeploymentSuggestions(text: string, enabled = true) {
  return useQuery({
    queryKey: ["deployments", "suggestions", text],
    queryFn: ({ signal }) =>
      answerOf(
        api.POST("/api/deployments/filter", {
          body: { filter: text === "" ? {} : { text }, limit: 20 },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    enabled,
  });
}
