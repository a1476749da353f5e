import { Trash2 } from "lucide-react";
import { useState } from "react";

import type { Worker, WorkPool } from "@/api/types";
import { ErrorPanel } from "@/components/error-panel";
import { FlowRunLink } from "@/components/runs/flow-run-link";
import { Snippet } from "@/components/snippet";
import { StateBadge } from "@/components/state-badge";
import { Duration } from "@/components/duration";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Facts } from "@/components/ui/facts";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { countOf } from "@/lib/plural";
import { useDeleteWorker } from "@/queries/use-delete-worker";
import { useFlowRunSample } from "@/queries/use-flow-run-sample";
import { useWorkers } from "@/queries/use-workers";

const STATUS = {
  ONLINE: { label: "Online", tone: "tone-completed" },
  DRAINING: { label: "Draining", tone: "tone-paused" },
  OFFLINE: { label: "Offline", tone: "tone-cancelled" },
} as const;

/** A pool's workers, whether each lives, and what it carries on. */
export function WorkersPanel({ pool }: { pool: WorkPool }) {
  const workers = useWorkers(pool.name);
  const items = workers.data?.items ?? [];
  return (
    <Panel title="Workers">
      {workers.isPending && <Skeleton className="mx-4 mb-4 h-16" />}
      {workers.isError && (
        <div className="px-4 pb-4">
          <ErrorPanel what="The workers" error={workers.error} onRetry={() => void workers.refetch()} />
        </div>
      )}
      {workers.isSuccess && items.length === 0 && (
        <div className="px-4 pb-4">
          <p className="mb-3 text-ink-muted">Nothing takes up its runs. This starts a worker for it:</p>
          <Snippet label="A worker" code={`penstock worker start --pool ${shellWord(pool.name)}`} />
        </div>
      )}
      <ul className="divide-y divide-line pb-1">
        {items.map((worker) => (
          <WorkerRow key={worker.id} worker={worker} />
        ))}
      </ul>
    </Panel>
  );
}

function WorkerRow({ worker }: { worker: Worker }) {
  const [isOpen, setOpen] = useState(false);
  const { label, tone } = STATUS[worker.status];
  return (
    <li className="px-4">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 rounded py-1.5">
          <span className="min-w-24 flex-1 truncate font-medium">{worker.name}</span>
          <span className={`${tone} flex w-20 items-center gap-1.5 text-ink-muted`}>
            <span aria-hidden className="tone-fill size-1.5 rounded-full" />
            {label}
          </span>
          <span className="tabular text-ink-muted">{countOf(worker.running ?? 0, "run")}</span>
          <span className="hidden text-xs text-ink-faint sm:inline">
            heard of <Time at={worker.last_heartbeat} />
          </span>
        </summary>
        {isOpen && <WorkerDetail worker={worker} />}
      </details>
    </li>
  );
}

function WorkerDetail({ worker }: { worker: Worker }) {
  const remove = useDeleteWorker();
  const runs = useFlowRunSample({
    filter: { worker_ids: [worker.id], state_types: ["PENDING", "RUNNING", "CANCELLING"] },
    sort: "ID_DESC",
    limit: 20,
  });
  const items = runs.data?.items ?? [];
  return (
    <div className="-mx-4 pt-1 pb-2">
      <Facts
        facts={[
          ["Type", worker.type],
          ["Machine", worker.hostname && `${worker.hostname}, process ${worker.pid}`],
          ["Version", worker.version],
          ["Started", <Time key="started" at={worker.started} />],
          ["Says it lives", `every ${worker.heartbeat_seconds} s`],
          [
            "Id",
            <code key="id" className="font-mono text-xs">
              {worker.id}
            </code>,
          ],
        ]}
      />
      {runs.isError && (
        <div className="px-4 pb-2">
          <ErrorPanel what="What it runs" error={runs.error} onRetry={() => void runs.refetch()} />
        </div>
      )}
      {runs.isSuccess && items.length === 0 && (
        <p className="px-4 pb-2 text-ink-faint">It runs nothing right now.</p>
      )}
      <ul>
        {items.map((run) => (
          <li key={run.id} className="flex h-9 items-center gap-3 px-4 hover:bg-hover">
            <span className="min-w-0 flex-1">
              <FlowRunLink run={run} />
            </span>
            <StateBadge state={run.state} />
            <span className="w-14 text-right text-xs text-ink-muted">
              <Duration start={run.start_time} end={run.end_time} />
            </span>
          </li>
        ))}
      </ul>
      {worker.status === "OFFLINE" && (
        <Button
          variant="ghost"
          size="sm"
          className="mx-2"
          disabled={remove.isPending}
          onClick={() =>
            remove.mutate(worker.id, {
              onSuccess: () => toast.done("The worker is forgotten"),
              onError: (error) => toast.failed("The worker is still known", error),
            })
          }
        >
          <Trash2 /> Forget it
        </Button>
      )}
    </div>
  );
}

/** Returns a name as a shell takes it for one word. */
function shellWord(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", String.raw`'\''`)}'`;
}
