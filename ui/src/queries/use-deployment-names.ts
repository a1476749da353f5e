import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** The names of deployments, by id: those that are still there. */
export function useDeploymentNames(ids: readonly string[]) {
  return useQuery({
    queryKey: ["deployments", "names", ids],
    queryFn: async ({ signal }) => {
      const body = { filter: { ids: [...ids] }, limit: 200 };
      const page = await answerOf(api.POST("/api/deployments/filter", { body, signal }));
      return Object.fromEntries(page.items.map(({ id, spec }) => [id, `${spec.flow_name}/${spec.name}`]));
    },
    enabled: ids.length > 0,
    staleTime: 60_000,
  });
}
