import { Link } from "@tanstack/react-router";

import type { FlowRun } from "@/api/types";

/** A flow run by its flow's name and its own, which leads to it. */
export function FlowRunLink({ run }: { run: Pick<FlowRun, "id" | "name" | "flow_name"> }) {
  return (
    <Link
      to="/runs/$runId"
      params={{ runId: run.id }}
      preload={false}
      data-row-target
      className="flex min-w-0 items-baseline gap-1.5 rounded hover:underline"
    >
      <span className="max-w-[60%] shrink-0 truncate font-medium">{run.flow_name}</span>
      <span className="truncate text-ink-muted">{run.name}</span>
    </Link>
  );
}
