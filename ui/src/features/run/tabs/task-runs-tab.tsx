import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { ListChecks } from "lucide-react";
import { useCallback, useMemo, useState } from "react";

import type { TaskRun } from "@/api/types";
import { DataTable } from "@/components/data-table";
import { Duration } from "@/components/duration";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { StateBadge } from "@/components/state-badge";
import { TagList } from "@/components/tag-list";
import { Time } from "@/components/time";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import { labelOfType, STATE_TYPES, type StateType } from "@/lib/states";
import { endOf, startOf } from "@/lib/task-run-times";
import { useSettled } from "@/lib/use-settled";
import { useTaskRuns } from "@/queries/use-task-runs";

const COLUMNS: ColumnDef<TaskRun>[] = [
  {
    id: "run",
    header: "Task run",
    meta: { className: "flex-1 gap-2" },
    cell: ({ row: { original: run } }) => (
      <>
        <Link
          to="/task-runs/$taskRunId"
          params={{ taskRunId: run.id }}
          preload={false}
          data-row-target
          className="truncate rounded font-medium hover:underline"
        >
          {run.name}
        </Link>
        <span className="hidden shrink-0 xl:block">
          <TagList tags={run.tags} />
        </span>
      </>
    ),
  },
  {
    id: "task",
    header: "Task",
    meta: { className: "hidden w-40 lg:flex" },
    cell: ({ row }) => <span className="truncate text-ink-muted">{row.original.task_name}</span>,
  },
  {
    id: "state",
    header: "State",
    meta: { className: "w-auto sm:w-32" },
    cell: ({ row }) => <StateBadge state={row.original.states.at(-1)!} />,
  },
  {
    id: "attempts",
    header: "Attempts",
    meta: { className: "hidden w-16 justify-end md:flex" },
    cell: ({ row }) => <span className="tabular text-ink-muted">{row.original.run_count ?? 0}</span>,
  },
  {
    id: "started",
    header: "Started",
    meta: { className: "hidden w-32 sm:flex" },
    cell: ({ row }) => <Time at={startOf(row.original.states)} className="truncate text-ink-muted" />,
  },
  {
    id: "took",
    header: "Took",
    meta: { className: "hidden w-20 justify-end text-right md:flex" },
    cell: ({ row }) => <Duration start={startOf(row.original.states)} end={endOf(row.original.states)} />,
  },
];

/** The task runs of a flow run, to look through by name and state. */
export function TaskRunsTab({ runId }: { runId: string }) {
  const [text, setText] = useState("");
  const [type, setType] = useState<StateType | "">("");
  const wanted = useSettled(text.trim());
  const filter = useMemo(
    () => ({
      flow_run_ids: [runId],
      ...(wanted === "" ? {} : { text: wanted }),
      ...(type === "" ? {} : { state_types: [type] }),
    }),
    [runId, wanted, type],
  );
  const runs = useTaskRuns({ filter, sort: "ID_ASC" });
  const rows = useMemo(() => runs.data?.pages.flatMap((page) => page.items) ?? [], [runs.data]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = runs;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  return (
    <>
      <div className="mb-3 flex flex-wrap gap-2" role="search">
        <Input
          type="search"
          aria-label="Search by run or task"
          placeholder="Search by run or task"
          className="w-full sm:w-64!"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Select
          aria-label="State"
          className="w-auto!"
          value={type}
          onChange={(event) => setType(event.target.value as StateType | "")}
        >
          <option value="">All states</option>
          {STATE_TYPES.map((one) => (
            <option key={one} value={one}>
              {labelOfType(one)}
            </option>
          ))}
        </Select>
      </div>
      {runs.isError && (
        <ErrorPanel what="The task runs" error={runs.error} onRetry={() => void runs.refetch()} />
      )}
      {runs.isPending && <Skeleton className="h-64 w-full rounded-xl" />}
      {runs.isSuccess && rows.length === 0 && (
        <EmptyState
          icon={ListChecks}
          title={wanted === "" && type === "" ? "No task has run" : "No task run matches"}
        >
          Functions with @task appear here when the flow calls them.
        </EmptyState>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Task runs of this run"
          rows={rows}
          columns={COLUMNS}
          rowId={(run) => run.id}
          onEnd={onEnd}
          isLoadingMore={isFetchingNextPage}
        />
      )}
    </>
  );
}
