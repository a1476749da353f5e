import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { ListChecks, SearchX } from "lucide-react";
import { useCallback, useMemo, useState } from "react";

import type { TaskRun, TaskRunSort } from "@/api/types";
import { DataTable } from "@/components/data-table";
import { Duration } from "@/components/duration";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { FilterBar } from "@/components/filter-bar";
import { Page } from "@/components/page";
import { RangePill } from "@/components/range-pill";
import { taskRunFilter, type TaskRunConditions } from "@/components/runs/run-conditions";
import { STATE_FIELD, TAG_FIELD } from "@/components/runs/state-field";
import { StateBadge } from "@/components/state-badge";
import { TagList } from "@/components/tag-list";
import { Time } from "@/components/time";
import { Skeleton } from "@/components/ui/skeleton";
import { WindowSelect } from "@/components/window-select";
import { numberOf } from "@/lib/plural";
import { endOf, startOf } from "@/lib/task-run-times";
import { useTaskRunCount } from "@/queries/use-task-run-count";
import { useTaskRuns } from "@/queries/use-task-runs";

import { sortOf } from "./flow-runs-page";
import { SavedViews } from "./saved-views";
import { RunTabs } from "./run-tabs";

export interface TaskRunsSearch extends TaskRunConditions {
  sort?: TaskRunSort;
  /** The saved view that the conditions came from. */
  view?: string;
}

interface TaskRunsPageProps {
  search: TaskRunsSearch;
  /** Puts other conditions into the address. */
  onSearch: (search: TaskRunsSearch) => void;
}

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
    id: "flow-run",
    header: "Flow run",
    meta: { className: "hidden w-24 md:flex" },
    cell: ({ row }) =>
      row.original.flow_run_id ? (
        <Link
          to="/runs/$runId"
          params={{ runId: row.original.flow_run_id }}
          preload={false}
          className="rounded font-mono text-xs text-ink-muted hover:text-ink hover:underline"
        >
          {row.original.flow_run_id.slice(-8)}
        </Link>
      ) : (
        <span className="text-ink-faint">–</span>
      ),
  },
  {
    id: "started",
    header: "Started",
    meta: { className: "hidden w-32 sm:flex", sort: "START_TIME" },
    cell: ({ row }) => <Time at={startOf(row.original.states)} className="truncate text-ink-muted" />,
  },
  {
    id: "took",
    header: "Took",
    meta: { className: "hidden w-20 justify-end text-right md:flex" },
    cell: ({ row }) => <Duration start={startOf(row.original.states)} end={endOf(row.original.states)} />,
  },
];

const TASK_FIELD = { key: "task", label: "Task", isFree: true, useOptions: () => [] };
const RUN_FIELD = { key: "run", label: "Flow run", isFree: true, useOptions: () => [] };
const FIELDS = [STATE_FIELD, TASK_FIELD, RUN_FIELD, TAG_FIELD];

/** The list of task runs: its address says which, and in which order. */
export function TaskRunsPage({ search, onSearch }: TaskRunsPageProps) {
  const [now] = useState(() => Date.now());
  const filter = useMemo(() => taskRunFilter(search, now), [search, now]);
  const runs = useTaskRuns({ filter, sort: search.sort ?? "ID_DESC" });
  const count = useTaskRunCount(filter);
  const rows = useMemo(() => runs.data?.pages.flatMap((page) => page.items) ?? [], [runs.data]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = runs;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const isFiltered = Object.entries(search).some(
    ([key, value]) => key !== "sort" && key !== "view" && value !== undefined && value.length > 0,
  );
  return (
    <Page title="Task runs" actions={<SavedViews kind="task_runs" search={search} onSearch={onSearch} />}>
      <RunTabs here="/task-runs" count={count.data && numberOf(count.data.count, count.data.is_capped)} />
      <FilterBar
        searchLabel="Search by run or task"
        fields={FIELDS}
        values={{
          lists: {
            state: search.state ?? [],
            task: search.task ?? [],
            run: search.run ?? [],
            tag: search.tag ?? [],
          },
          not: search.not ?? [],
          text: search.name ?? "",
        }}
        onChange={({ lists, not, text }) =>
          onSearch({
            ...search,
            state: lists.state ?? [],
            task: lists.task ?? [],
            run: lists.run ?? [],
            tag: lists.tag ?? [],
            not: [...not],
            name: text,
          })
        }
      >
        <WindowSelect
          value={search.window}
          anyLabel="Any time"
          onChange={(window) => onSearch({ ...search, window, from: undefined, to: undefined })}
        />
        <RangePill
          from={search.from}
          to={search.to}
          onClear={() => onSearch({ ...search, from: undefined, to: undefined })}
        />
      </FilterBar>
      {runs.isError && (
        <ErrorPanel what="The task runs" error={runs.error} onRetry={() => void runs.refetch()} />
      )}
      {runs.isPending && <Skeleton className="h-96 w-full rounded-xl" />}
      {runs.isSuccess && rows.length === 0 && (
        <EmptyState
          icon={isFiltered ? SearchX : ListChecks}
          title={isFiltered ? "No task run matches" : "No task has run yet"}
        >
          {isFiltered
            ? "Take a condition away, or turn it round, to see more."
            : "Functions with @task appear here when a flow calls them."}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Task runs"
          rows={rows}
          columns={COLUMNS}
          rowId={(run) => run.id}
          sort={sortOf(search.sort)}
          onSort={({ name, descending }) =>
            onSearch({ ...search, sort: `${name}_${descending ? "DESC" : "ASC"}` as TaskRunSort })
          }
          onEnd={onEnd}
          isLoadingMore={isFetchingNextPage}
        />
      )}
    </Page>
  );
}
