import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

const EVERY_MS = 10_000;

/** What the servers do by themselves. No event tells of that, so it is asked for now and then while it is looked at. */
export function useLoops() {
  return useQuery({
    queryKey: ["servers", "loops"],
    queryFn: ({ signal }) => answerOf(api.GET("/api/loops", { signal })),
    refetchInterval: EVERY_MS,
  });
}
