import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

const MOST = 200;

/** The names of task runs by id: of the first 200 that are asked for. */
export function useTaskRunNames(ids: readonly string[]) {
  const asked = ids.slice(0, MOST);
  return useQuery({
    queryKey: ["task-run-names", asked],
    queryFn: async ({ signal }) => {
      const body = { filter: { ids: asked }, limit: MOST };
      const page = await answerOf(api.POST("/api/task_runs/filter", { body, signal }));
      return Object.fromEntries(page.items.map((run) => [run.id, run.name]));
    },
    enabled: asked.length > 0,
    staleTime: Infinity, // a name stays
    placeholderData: keepPreviousData,
  });
}
