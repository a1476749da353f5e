import type { RowSelectionState } from "@tanstack/react-table";
import { Rocket, SearchX } from "lucide-react";
import { useCallback, useMemo, useState } from "react";

import { DataTable } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { FilterBar } from "@/components/filter-bar";
import type { FilterField } from "@/components/filter-pill";
import { Page } from "@/components/page";
import { POOL_FIELD } from "@/components/runs/pool-field";
import { TAG_FIELD } from "@/components/runs/state-field";
import { Skeleton } from "@/components/ui/skeleton";
import { useDeployments } from "@/queries/use-deployments";

import { DEPLOYMENT_COLUMNS } from "./deployment-columns";
import { deploymentFilter, type DeploymentsSearch } from "./deployment-filter";
import { PauseBar } from "./pause-bar";

interface DeploymentsPageProps {
  search: DeploymentsSearch;
  onSearch: (search: DeploymentsSearch) => void;
}

const STATUSES = [
  { value: "active", label: "Active" },
  { value: "paused", label: "Paused" },
];
const STATUS_FIELD: FilterField = {
  key: "status",
  label: "Status",
  useOptions: () => STATUSES,
  useLabels: () => ({ active: "Active", paused: "Paused" }),
};
const FIELDS = [POOL_FIELD, STATUS_FIELD, TAG_FIELD];
const DEPLOY = `penstock work-pool create local
penstock deploy --name daily --pool local --cron "0 9 * * *" hello.py:hello
penstock worker start --pool local`;

/** The list of deployments: its address says which. */
export function DeploymentsPage({ search, onSearch }: DeploymentsPageProps) {
  const filter = useMemo(() => deploymentFilter(search), [search]);
  const deployments = useDeployments(filter);
  const [selection, setSelection] = useState<RowSelectionState>({});
  const rows = useMemo(() => deployments.data?.pages.flatMap((page) => page.items) ?? [], [deployments.data]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = deployments;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const selected = Object.keys(selection);
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <Page title="Deployments">
      <FilterBar
        searchLabel="Search by name or flow"
        fields={FIELDS}
        values={{
          lists: { pool: search.pool ?? [], status: search.status ?? [], tag: search.tag ?? [] },
          not: search.not ?? [],
          text: search.name ?? "",
        }}
        onChange={({ lists, not, text }) => {
          setSelection({});
          onSearch({ pool: lists.pool, status: lists.status, tag: lists.tag, not: [...not], name: text });
        }}
      />
      {deployments.isError && (
        <ErrorPanel
          what="The deployments"
          error={deployments.error}
          onRetry={() => void deployments.refetch()}
        />
      )}
      {deployments.isPending && <Skeleton className="h-96 w-full rounded-xl" />}
      {deployments.isSuccess &&
        rows.length === 0 &&
        (isFiltered ? (
          <EmptyState icon={SearchX} title="No deployment matches">
            Take a condition away, or turn it round, to see more.
          </EmptyState>
        ) : (
          <EmptyState
            icon={Rocket}
            title="Nothing is deployed yet"
            snippet={{ label: "Shell", code: DEPLOY }}
          >
            A deployment runs a flow by a schedule, or when somebody asks for it, in a work pool. This deploys
            one that runs each morning, and starts a worker for it:
          </EmptyState>
        ))}
      {rows.length > 0 && (
        <DataTable
          label="Deployments"
          rows={rows}
          columns={DEPLOYMENT_COLUMNS}
          rowId={(row) => row.id}
          rowName={({ spec }) => `${spec.flow_name}/${spec.name}`}
          selection={selection}
          onSelect={setSelection}
          onEnd={onEnd}
          isLoadingMore={isFetchingNextPage}
        />
      )}
      {selected.length > 0 && <PauseBar selected={selected} onClear={() => setSelection({})} />}
    </Page>
  );
}
