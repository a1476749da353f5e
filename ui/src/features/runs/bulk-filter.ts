import type { FlowRunFilter } from "@/api/types";
import type { BulkAction } from "@/queries/use-bulk-action";

const ENDED = ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"] as const;

/** Returns which of the runs that a filter means an action can touch at all: no run that has ended is cancelled. */
export function touchedBy(action: BulkAction, filter: FlowRunFilter): FlowRunFilter {
  if (action === "cancel") return { all: [filter, { not: { state_types: [...ENDED, "CANCELLING"] } }] };
  if (action === "retry") return { all: [filter, { state_types: ["FAILED", "CRASHED", "CANCELLED"] }] };
  return filter;
}
