import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { Schedule } from "@/api/types";

/** At which instants a schedule falls next; nothing is made by asking. A schedule that makes no sense is an error that says why. */
export function useUpcoming(schedule: Schedule | null, limit = 5) {
  return useQuery({
    queryKey: ["upcoming", schedule, limit],
    queryFn: ({ signal }) =>
      answerOf(api.POST("/api/schedules/upcoming", { body: { schedule: schedule!, limit }, signal })),
    enabled: schedule !== null,
    placeholderData: keepPreviousData,
  });
}
