import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { FlowRunFilter } from "@/api/types";

import type { BulkAction } from "./use-bulk-action";

/** How many flow runs an action would touch: the server counts and changes nothing. */
export function useBulkCount(action: BulkAction | null, filter: FlowRunFilter) {
  return useQuery({
    queryKey: ["flow-runs", "bulk-count", action, filter],
    queryFn: ({ signal }) => {
      const body = { filter, dry_run: true };
      if (action === "delete") return answerOf(api.POST("/api/flow_runs/delete", { body, signal }));
      return answerOf(api.POST("/api/flow_runs/cancel", { body, signal }));
    },
    enabled: action !== null,
    gcTime: 0,
  });
}
