import type { ColumnDef } from "@tanstack/react-table";
import { Workflow } from "lucide-react";
import { useCallback, useMemo } from "react";

import type { FlowRun } from "@/api/types";
import { DataTable } from "@/components/data-table";
import { Duration } from "@/components/duration";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { FlowRunLink } from "@/components/runs/flow-run-link";
import { StateBadge } from "@/components/state-badge";
import { Time } from "@/components/time";
import { Skeleton } from "@/components/ui/skeleton";
import { useFlowRuns } from "@/queries/use-flow-runs";

const COLUMNS: ColumnDef<FlowRun>[] = [
  {
    id: "run",
    header: "Run",
    meta: { className: "flex-1" },
    cell: ({ row }) => <FlowRunLink run={row.original} />,
  },
  {
    id: "state",
    header: "State",
    meta: { className: "w-auto sm:w-32" },
    cell: ({ row }) => <StateBadge state={row.original.state} />,
  },
  {
    id: "started",
    header: "Started",
    meta: { className: "hidden w-32 sm:flex" },
    cell: ({ row }) => <Time at={row.original.start_time} className="truncate text-ink-muted" />,
  },
  {
    id: "took",
    header: "Took",
    meta: { className: "hidden w-20 justify-end text-right md:flex" },
    cell: ({ row }) => <Duration start={row.original.start_time} end={row.original.end_time} />,
  },
];

/** The runs that a flow run called. */
export function SubflowsTab({ runId }: { runId: string }) {
  const runs = useFlowRuns({ filter: { parent_flow_run_id: runId }, sort: "ID_ASC" });
  const rows = useMemo(() => runs.data?.pages.flatMap((page) => page.items) ?? [], [runs.data]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = runs;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  if (runs.isPending) return <Skeleton className="h-64 w-full rounded-xl" />;
  if (runs.isError)
    return <ErrorPanel what="The subflows" error={runs.error} onRetry={() => void runs.refetch()} />;
  if (rows.length === 0) {
    return (
      <EmptyState icon={Workflow} title="It called no other flow">
        A flow that is called by this one is a run of its own, and appears here.
      </EmptyState>
    );
  }
  return (
    <DataTable
      label="Runs that this run called"
      rows={rows}
      columns={COLUMNS}
      rowId={(run) => run.id}
      onEnd={onEnd}
      isLoadingMore={isFetchingNextPage}
    />
  );
}
