import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { FlowRunFilter } from "@/api/types";

interface HistogramWanted {
  /** The stretch of time, up to now. */
  windowSeconds: number;
  buckets: number;
  filter: FlowRunFilter;
}

/** How many flow runs started over the time up to now, by the type of their state. */
export function useFlowRunHistogram({ windowSeconds, buckets, filter }: HistogramWanted) {
  return useQuery({
    queryKey: ["flow-runs", "histogram", windowSeconds, buckets, filter],
    queryFn: ({ signal }) => {
      // Buckets stand at whole multiples of their length, so that bars stay where they are while time goes on.
      const length = (windowSeconds * 1000) / buckets;
      const before = Math.ceil((Date.now() + 1) / length) * length;
      const body = {
        after: new Date(before - windowSeconds * 1000).toISOString(),
        before: new Date(before).toISOString(),
        buckets,
        filter,
      };
      return answerOf(api.POST("/api/flow_runs/histogram", { body, signal }));
    },
    placeholderData: keepPreviousData,
  });
}
