import { Link } from "@tanstack/react-router";

import type { WorkPool, WorkQueue } from "@/api/types";
import { ErrorPanel } from "@/components/error-panel";
import { Snippet } from "@/components/snippet";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { cn } from "@/lib/cn";
import { countOf, numberOf } from "@/lib/plural";
import { useWorkPools } from "@/queries/use-work-pools";
import { useWorkQueues } from "@/queries/use-work-queues";

const STATUS = {
  READY: { label: "Ready", tone: "tone-completed" },
  NOT_READY: { label: "No worker", tone: "tone-failed" },
  PAUSED: { label: "Paused", tone: "tone-paused" },
} as const;

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
  const { label, tone } = STATUS[pool.status ?? "NOT_READY"];
  const waiting = queues.reduce((sum, queue) => sum + (queue.waiting ?? 0), 0);
  const late = queues.reduce((sum, queue) => sum + (queue.late ?? 0), 0);
  const used = pool.slots_in_use ?? 0;
  const limit = pool.concurrency_limit;
  return (
    <li className="flex min-h-10 items-center gap-3 px-4 hover:bg-hover">
      <Link
        to="/runs"
        search={{ pool: [pool.name] }}
        className="min-w-0 flex-1 truncate rounded font-medium hover:underline sm:max-w-56"
      >
        {pool.name}
      </Link>
      <span className="hidden w-24 truncate text-ink-faint sm:block">{pool.type}</span>
      <span className={cn(tone, "flex w-24 items-center gap-1.5 text-ink-muted")}>
        <span aria-hidden className="tone-fill size-1.5 rounded-full" />
        {label}
      </span>
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
