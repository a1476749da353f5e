import { Link } from "@tanstack/react-router";

import type { WorkPool, WorkQueue } from "@/api/types";
import { ErrorPanel } from "@/components/error-panel";
import { Snippet } from "@/components/snippet";
import { PoolStatus } from "@/components/runs/pool-status";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { countOf, numberOf } from "@/lib/plural";
import { useWorkPools } from "@/queries/use-work-pools";
import { useWorkQueues } from "@/queries/use-work-queues";

/** Whether each work pool's runs are taken up, and what waits in it. */
export function WorkPoolsPanel() {
  const pools = useWorkPools();
  const queues = useWorkQueues();
  return (
    <Panel title="Work pools" className="lg:col-span-2">
      {pools.isPending && <Skeleton className="mx-4 mb-4 h-12" />}
      {pools.isError && (
        <div className="px-4 pb-4">
          <ErrorPanel what="The work pools" error={pools.error} onRetry={() => void pools.refetch()} />
        </div>
      )}
      {pools.isSuccess && pools.data.items.length === 0 && (
        <div className="max-w-xl px-4 pb-4">
          <p className="mb-3 text-ink-muted">
            Deployments’ runs wait in a work pool until a worker takes them up. This makes a pool and starts a
            worker for it:
          </p>
          <Snippet label="A pool and a worker" code="penstock worker start --pool local" />
        </div>
      )}
      <ul className="pb-1.5">
        {pools.data?.items.map((pool) => (
          <PoolRow
            key={pool.name}
            pool={pool}
            queues={(queues.data?.items ?? []).filter((queue) => queue.pool_name === pool.name)}
          />
        ))}
      </ul>
    </Panel>
  );
}

function PoolRow({ pool, queues }: { pool: WorkPool; queues: WorkQueue[] }) {
  const waiting = queues.reduce((sum, queue) => sum + (queue.waiting ?? 0), 0);
  const late = queues.reduce((sum, queue) => sum + (queue.late ?? 0), 0);
  const used = pool.slots_in_use ?? 0;
  const limit = pool.concurrency_limit;
  return (
    <li className="flex min-h-10 items-center gap-3 px-4 hover:bg-hover">
      <Link
        to="/work-pools/$pool"
        params={{ pool: pool.name }}
        className="min-w-0 flex-1 truncate rounded font-medium hover:underline sm:max-w-56"
      >
        {pool.name}
      </Link>
      <span className="hidden w-24 truncate text-ink-faint sm:block">{pool.type}</span>
      <PoolStatus status={pool.status} className="w-24" />
      <span className="hidden w-40 items-center gap-2 text-ink-muted md:flex">
        {limit != null && (
          <span aria-hidden className="h-1.5 w-16 overflow-hidden rounded-full bg-hover">
            <span
              className="block h-full rounded-full bg-accent"
              style={{ width: `${Math.min(100, (used / Math.max(1, limit)) * 100)}%` }}
            />
          </span>
        )}
        <span className="tabular">
          {numberOf(used)}
          {limit != null && ` of ${numberOf(limit)}`} running
        </span>
      </span>
      <span className="ml-auto flex gap-3 text-right text-ink-muted">
        {late > 0 && <span className="tone-late tone-ink tabular font-medium">{numberOf(late)} late</span>}
        <span className="tabular">
          {waiting === 0 ? "none waiting" : `${countOf(waiting, "run")} waiting`}
        </span>
      </span>
    </li>
  );
}
