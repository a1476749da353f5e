import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { Event } from "@/api/types";

/** One event by its id; null where it is kept no longer. `known` is it, where it is at hand. */
export function useEvent(id: string, known: Event | undefined) {
  return useQuery({
    queryKey: ["event-log", "one", id],
    queryFn: async ({ signal }) => {
      const body = { filter: { ids: [id] }, limit: 1 };
      const page = await answerOf(api.POST("/api/events/filter", { body, signal }));
      return page.items[0] ?? null;
    },
    initialData: known,
    staleTime: Infinity,
  });
}
