import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

const AROUND = 200;

/** A log line with those that its run logged before and after it; none is asked for without a number. */
export function useLogContext(id: number | null) {
  return useQuery({
    queryKey: ["log-context", id],
    queryFn: async ({ signal }) => {
      const body = { id: id!, before: AROUND, after: AROUND };
      const { before, line, after } = await answerOf(api.POST("/api/logs/around", { body, signal }));
      return [...before, line, ...after];
    },
    enabled: id !== null,
    staleTime: 60_000,
  });
}
