import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { Boxes, Plus } from "lucide-react";
import { useMemo, useState } from "react";

import type { WorkPool } from "@/api/types";
import { DataTable } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { Page } from "@/components/page";
import { PoolStatus } from "@/components/runs/pool-status";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { numberOf } from "@/lib/plural";
import { useWorkPools } from "@/queries/use-work-pools";
import { useWorkQueues } from "@/queries/use-work-queues";
import { useWorkers } from "@/queries/use-workers";

import { CreatePoolDialog } from "./create-pool-dialog";

interface PoolRow {
  pool: WorkPool;
  waiting: number;
  late: number;
  online: number;
}

const COLUMNS: ColumnDef<PoolRow>[] = [
  {
    id: "pool",
    header: "Work pool",
    meta: { className: "flex-1 gap-2" },
    cell: ({ row: { original } }) => (
      <>
        <Link
          to="/work-pools/$pool"
          params={{ pool: original.pool.name }}
          preload={false}
          data-row-target
          className="truncate rounded font-medium hover:underline"
        >
          {original.pool.name}
        </Link>
        <span className="hidden truncate text-ink-muted sm:inline">{original.pool.type}</span>
      </>
    ),
  },
  {
    id: "status",
    header: "Status",
    meta: { className: "w-24" },
    cell: ({ row }) => <PoolStatus status={row.original.pool.status} />,
  },
  {
    id: "workers",
    header: "Workers",
    meta: { className: "hidden w-20 md:flex" },
    cell: ({ row }) => <span className="tabular text-ink-muted">{numberOf(row.original.online)} online</span>,
  },
  {
    id: "running",
    header: "Running",
    meta: { className: "hidden w-24 sm:flex" },
    cell: ({ row: { original } }) => (
      <span className="tabular text-ink-muted">
        {numberOf(original.pool.slots_in_use ?? 0)}
        {original.pool.concurrency_limit != null && ` of ${numberOf(original.pool.concurrency_limit)}`}
      </span>
    ),
  },
  {
    id: "waiting",
    header: "Waiting",
    meta: { className: "w-20 justify-end" },
    cell: ({ row }) => <span className="tabular text-ink-muted">{numberOf(row.original.waiting)}</span>,
  },
  {
    id: "late",
    header: "Late",
    meta: { className: "w-14 justify-end" },
    cell: ({ row: { original } }) =>
      original.late > 0 ? (
        <span className="tone-late tone-ink tabular font-medium">{numberOf(original.late)}</span>
      ) : (
        <span className="text-ink-faint">0</span>
      ),
  },
];

/** The list of work pools: whether each is served, and what waits in it. */
export function WorkPoolsPage() {
  const pools = useWorkPools();
  const queues = useWorkQueues();
  const workers = useWorkers();
  const [isCreating, setCreating] = useState(false);
  const rows = useMemo<PoolRow[]>(
    () =>
      (pools.data?.items ?? []).map((pool) => {
        const own = (queues.data?.items ?? []).filter((queue) => queue.pool_name === pool.name);
        return {
          pool,
          waiting: own.reduce((sum, queue) => sum + (queue.waiting ?? 0), 0),
          late: own.reduce((sum, queue) => sum + (queue.late ?? 0), 0),
          online: (workers.data?.items ?? []).filter(
            (worker) => worker.pool_name === pool.name && worker.status !== "OFFLINE",
          ).length,
        };
      }),
    [pools.data, queues.data, workers.data],
  );
  return (
    <Page
      title="Work pools"
      actions={
        <Button onClick={() => setCreating(true)}>
          <Plus /> New work pool
        </Button>
      }
    >
      {pools.isError && (
        <ErrorPanel what="The work pools" error={pools.error} onRetry={() => void pools.refetch()} />
      )}
      {pools.isPending && <Skeleton className="h-96 w-full rounded-xl" />}
      {pools.isSuccess && rows.length === 0 && (
        <EmptyState
          icon={Boxes}
          title="There is no work pool yet"
          snippet={{ label: "A pool and a worker", code: "penstock worker start --pool local" }}
        >
          Deployments’ runs wait in a work pool until a worker takes them up. This makes a pool and starts a
          worker for it:
        </EmptyState>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Work pools"
          rows={rows}
          columns={COLUMNS}
          rowId={({ pool }) => pool.name}
          end={
            pools.data?.next != null || (queues.data?.next ?? null) !== null
              ? "There are more than are shown here. The command line lists them all."
              : undefined
          }
        />
      )}
      {isCreating && <CreatePoolDialog onClose={() => setCreating(false)} />}
    </Page>
  );
}
