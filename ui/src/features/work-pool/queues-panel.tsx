import { Link } from "@tanstack/react-router";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import type { WorkQueue } from "@/api/types";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { ErrorPanel } from "@/components/error-panel";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { Switch } from "@/components/ui/switch";
import { toast } from "@/components/ui/toast";
import { numberOf } from "@/lib/plural";
import { useDeleteWorkQueue } from "@/queries/use-delete-work-queue";
import { usePoolQueues } from "@/queries/use-pool-queues";
import { useSaveWorkQueue } from "@/queries/use-save-work-queue";

import { QueueDialog } from "./queue-dialog";

/** A pool's queues, those that go first at the top. */
export function QueuesPanel({ pool }: { pool: string }) {
  const queues = usePoolQueues(pool);
  const save = useSaveWorkQueue();
  const remove = useDeleteWorkQueue();
  const [edited, setEdited] = useState<WorkQueue | "new" | null>(null);
  const [removed, setRemoved] = useState<WorkQueue | null>(null);
  return (
    <Panel
      title="Queues"
      aside={
        <Button variant="ghost" size="sm" onClick={() => setEdited("new")}>
          <Plus /> Add
        </Button>
      }
    >
      {queues.isPending && <Skeleton className="mx-4 mb-4 h-16" />}
      {queues.isError && (
        <div className="px-4 pb-4">
          <ErrorPanel what="The queues" error={queues.error} onRetry={() => void queues.refetch()} />
        </div>
      )}
      <ul className="pb-1.5">
        {queues.data?.items.map((queue) => (
          <li
            key={queue.name}
            className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5 hover:bg-hover"
          >
            <span className="tabular w-6 shrink-0 text-ink-faint" title="Priority">
              {queue.priority}
            </span>
            <span className="min-w-24 flex-1">
              <span className="block truncate font-medium" title={queue.description ?? undefined}>
                {queue.name}
              </span>
              {queue.description && (
                <span className="block truncate text-xs text-ink-faint">{queue.description}</span>
              )}
            </span>
            <span className="tabular text-ink-muted">
              {numberOf(queue.slots_in_use ?? 0)}
              {queue.concurrency_limit != null && ` of ${numberOf(queue.concurrency_limit)}`} running
            </span>
            <span className="tabular text-ink-muted">{numberOf(queue.waiting ?? 0)} waiting</span>
            {(queue.late ?? 0) > 0 && (
              <Link
                to="/runs"
                search={{ pool: [pool], state: ["Late"] }}
                className="tone-late tone-ink tabular rounded font-medium hover:underline"
              >
                {numberOf(queue.late ?? 0)} late
              </Link>
            )}
            <span
              className="hidden w-24 text-xs text-ink-faint xl:block"
              title="When a worker last asked for runs of it"
            >
              <Time at={queue.last_polled} />
            </span>
            <span className="flex items-center gap-1">
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={`Edit ${queue.name}`}
                onClick={() => setEdited(queue)}
              >
                <Pencil />
              </Button>
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={`Delete ${queue.name}`}
                onClick={() => {
                  remove.reset();
                  setRemoved(queue);
                }}
              >
                <Trash2 />
              </Button>
              <Switch
                aria-label={`Queue ${queue.name}`}
                checked={queue.paused !== true}
                disabled={save.isPending}
                onCheckedChange={(isOn) =>
                  save.mutate(
                    { isNew: false, queue: { pool_name: pool, name: queue.name, paused: !isOn } },
                    { onError: (error) => toast.failed("The queue stays as it is", error) },
                  )
                }
              />
            </span>
          </li>
        ))}
      </ul>
      {edited !== null && (
        <QueueDialog pool={pool} queue={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
      {removed !== null && (
        <ConfirmDialog
          title={`Delete the queue ${removed.name}?`}
          verb="Delete the queue"
          isDanger
          isPending={remove.isPending}
          error={remove.error}
          onClose={() => setRemoved(null)}
          onConfirm={() =>
            remove.mutate(
              { pool_name: pool, name: removed.name },
              {
                onSuccess() {
                  toast.done("The queue is deleted");
                  setRemoved(null);
                },
              },
            )
          }
        >
          Runs that wait in it are taken up no more.
        </ConfirmDialog>
      )}
    </Panel>
  );
}
