import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { SearchX, Workflow } from "lucide-react";
import { useCallback, useMemo } from "react";

import type { Flow } from "@/api/types";
import { DataTable } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { FilterBar } from "@/components/filter-bar";
import { Page } from "@/components/page";
import { TagList } from "@/components/tag-list";
import { Time } from "@/components/time";
import { Skeleton } from "@/components/ui/skeleton";
import { countOf } from "@/lib/plural";
import { useFlows } from "@/queries/use-flows";

export interface FlowsSearch {
  name?: string;
}

interface FlowsPageProps {
  search: FlowsSearch;
  onSearch: (search: FlowsSearch) => void;
}

const FIRST_FLOW = `from penstock import flow

@flow
def hello():
    print("Hello!")

hello()`;

const COLUMNS: ColumnDef<Flow>[] = [
  {
    id: "flow",
    header: "Flow",
    meta: { className: "flex-1 gap-2" },
    cell: ({ row: { original: flow } }) => (
      <>
        <Link
          to="/flows/$flowId"
          params={{ flowId: flow.id }}
          preload={false}
          data-row-target
          className="truncate rounded font-medium hover:underline"
        >
          {flow.name}
        </Link>
        <TagList tags={flow.tags} />
      </>
    ),
  },
  {
    id: "runs",
    header: "Runs",
    meta: { className: "w-28 justify-end" },
    cell: ({ row: { original: flow } }) => (
      <Link
        to="/runs"
        search={{ flow: [flow.name] }}
        className="tabular rounded text-ink-muted hover:text-ink hover:underline"
      >
        {countOf(flow.run_count ?? 0, "run", flow.run_count_is_capped)}
      </Link>
    ),
  },
  {
    id: "created",
    header: "First seen",
    meta: { className: "hidden w-32 justify-end sm:flex" },
    cell: ({ row }) => <Time at={row.original.created} className="truncate text-ink-muted" />,
  },
];

/** The list of flows. */
export function FlowsPage({ search, onSearch }: FlowsPageProps) {
  const flows = useFlows(search.name ?? "");
  const rows = useMemo(() => flows.data?.pages.flatMap((page) => page.items) ?? [], [flows.data]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = flows;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const isFiltered = (search.name ?? "") !== "";
  return (
    <Page title="Flows">
      <FilterBar
        searchLabel="Search flows"
        fields={[]}
        values={{ lists: {}, not: [], text: search.name ?? "" }}
        onChange={({ text }) => onSearch({ name: text })}
      />
      {flows.isError && (
        <ErrorPanel what="The flows" error={flows.error} onRetry={() => void flows.refetch()} />
      )}
      {flows.isPending && <Skeleton className="h-96 w-full rounded-xl" />}
      {flows.isSuccess &&
        rows.length === 0 &&
        (isFiltered ? (
          <EmptyState icon={SearchX} title="No flow is called so">
            Type less of its name to see more.
          </EmptyState>
        ) : (
          <EmptyState
            icon={Workflow}
            title="No flow is known yet"
            snippet={{ label: "hello.py", code: FIRST_FLOW }}
          >
            A flow appears here when it first runs or is deployed. Save this, set PENSTOCK_API_URL to this
            server, and run it.
          </EmptyState>
        ))}
      {rows.length > 0 && (
        <DataTable
          label="Flows"
          rows={rows}
          columns={COLUMNS}
          rowId={(flow) => flow.id}
          onEnd={onEnd}
          isLoadingMore={isFetchingNextPage}
        />
      )}
    </Page>
  );
}
