import type { RowSelectionState } from "@tanstack/react-table";
import { Rows3, SearchX } from "lucide-react";
import { useCallback, useMemo, useState } from "react";

import type { FlowRunSort } from "@/api/types";
import { DataTable, type Sort } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { FilterBar, type FilterValues } from "@/components/filter-bar";
import { Page } from "@/components/page";
import { RangePill } from "@/components/range-pill";
import { flowRunFilter, type FlowRunConditions } from "@/components/runs/run-conditions";
import { WindowSelect } from "@/components/window-select";
import { Skeleton } from "@/components/ui/skeleton";
import { countOf, numberOf } from "@/lib/plural";
import { useFlowRunCount } from "@/queries/use-flow-run-count";
import { useFlowRuns } from "@/queries/use-flow-runs";

import { BulkBar } from "./bulk-bar";
import { FLOW_RUN_COLUMNS } from "./flow-run-columns";
import { FLOW_RUN_FIELDS } from "./flow-run-fields";
import { SavedViews } from "./saved-views";
import { RunTabs } from "./run-tabs";

export interface FlowRunsSearch extends FlowRunConditions {
  sort?: FlowRunSort;
  /** The saved view that the conditions came from. */
  view?: string;
}

interface FlowRunsPageProps {
  search: FlowRunsSearch;
  /** Puts other conditions into the address. */
  onSearch: (search: FlowRunsSearch) => void;
}

const FIRST_RUN = `from penstock import flow

@flow(log_prints=True)
def hello(name: str = "world"):
    print(f"Hello, {name}!")

hello()`;

/** The list of flow runs: its address says which, and in which order. */
export function FlowRunsPage({ search, onSearch }: FlowRunsPageProps) {
  const [now] = useState(() => Date.now());
  const filter = useMemo(() => flowRunFilter(search, now), [search, now]);
  const runs = useFlowRuns({ filter, sort: search.sort });
  const count = useFlowRunCount(filter);
  const [selection, setSelection] = useState<RowSelectionState>({});

  const rows = useMemo(() => runs.data?.pages.flatMap((page) => page.items) ?? [], [runs.data]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = runs;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);

  const selected = Object.keys(selection);
  const total = count.data === undefined ? undefined : countOf(count.data.count, "run", count.data.is_capped);
  const isFiltered = Object.entries(search).some(
    ([key, value]) => key !== "sort" && key !== "view" && value !== undefined && value.length > 0,
  );
  const change = (changed: FlowRunsSearch) => {
    setSelection({});
    onSearch(changed);
  };

  return (
    <Page title="Runs" actions={<SavedViews kind="flow_runs" search={search} onSearch={change} />}>
      <RunTabs here="/runs" count={count.data && numberOf(count.data.count, count.data.is_capped)} />
      <FilterBar
        searchLabel="Search by run or flow"
        fields={FLOW_RUN_FIELDS}
        values={valuesOf(search)}
        onChange={({ lists, not, text }) =>
          change({
            ...search,
            state: lists.state ?? [],
            flow: lists.flow ?? [],
            deployment: lists.deployment ?? [],
            pool: lists.pool ?? [],
            tag: lists.tag ?? [],
            param: lists.param ?? [],
            not: [...not],
            name: text,
          })
        }
      >
        <WindowSelect
          value={search.window}
          anyLabel="Any time"
          onChange={(window) => change({ ...search, window, from: undefined, to: undefined })}
        />
        <RangePill
          from={search.from}
          to={search.to}
          onClear={() => change({ ...search, from: undefined, to: undefined })}
        />
      </FilterBar>
      {runs.isError && <ErrorPanel what="The runs" error={runs.error} onRetry={() => void runs.refetch()} />}
      {runs.isPending && <Skeleton className="h-96 w-full rounded-xl" />}
      {runs.isSuccess && rows.length === 0 && (isFiltered ? <NothingMatches /> : <NoRuns />)}
      {rows.length > 0 && (
        <DataTable
          label="Flow runs"
          rows={rows}
          columns={FLOW_RUN_COLUMNS}
          rowId={(run) => run.id}
          rowName={(run) => run.name}
          selection={selection}
          onSelect={setSelection}
          sort={sortOf(search.sort)}
          onSort={({ name, descending }) =>
            change({ ...search, sort: `${name}_${descending ? "DESC" : "ASC"}` as FlowRunSort })
          }
          onEnd={onEnd}
          isLoadingMore={isFetchingNextPage}
        />
      )}
      {selected.length > 0 && (
        <BulkBar
          selected={selected}
          filter={filter}
          total={total}
          hasMore={hasNextPage}
          onClear={() => setSelection({})}
        />
      )}
    </Page>
  );
}

function valuesOf({ state, flow, deployment, pool, tag, param, not, name }: FlowRunsSearch): FilterValues {
  const lists = {
    state: state ?? [],
    flow: flow ?? [],
    deployment: deployment ?? [],
    pool: pool ?? [],
    tag: tag ?? [],
    param: param ?? [],
  };
  return { lists, not: not ?? [], text: name ?? "" };
}

/** The order that a name of the API's stands for. */
export function sortOf(sort: string | undefined): Sort | undefined {
  const parts = /^(.+)_(ASC|DESC)$/.exec(sort ?? "");
  return parts === null ? undefined : { name: parts[1]!, descending: parts[2] === "DESC" };
}

function NothingMatches() {
  return (
    <EmptyState icon={SearchX} title="No run matches">
      Take a condition away, or turn it round, to see more.
    </EmptyState>
  );
}

function NoRuns() {
  return (
    <EmptyState icon={Rows3} title="No flow has run yet" snippet={{ label: "hello.py", code: FIRST_RUN }}>
      A flow run appears here as soon as a flow starts that reports to this server. Save this, set
      PENSTOCK_API_URL to this server, and run it.
    </EmptyState>
  );
}
