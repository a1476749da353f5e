import { Link } from "@tanstack/react-router";

import type { Backfill } from "@/api/types";
import { ErrorPanel } from "@/components/error-panel";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { toast } from "@/components/ui/toast";
import { numberOf } from "@/lib/plural";
import { STACK_ORDER } from "@/lib/stacks";
import { labelOfType, toneOf } from "@/lib/states";
import { useBackfills } from "@/queries/use-backfills";
import { useCancelBackfill } from "@/queries/use-cancel-backfill";

/** How far a deployment's backfills are. Nothing is shown where there was none. */
export function BackfillsPanel({ deploymentId }: { deploymentId: string }) {
  const backfills = useBackfills(deploymentId);
  if (backfills.isError) {
    return (
      <ErrorPanel what="The backfills" error={backfills.error} onRetry={() => void backfills.refetch()} />
    );
  }
  const items = backfills.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Panel title="Backfills">
      <ul className="divide-y divide-line pb-1.5">
        {items.map((backfill) => (
          <Row key={backfill.request.id} backfill={backfill} />
        ))}
      </ul>
    </Panel>
  );
}

const ENDED = ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"] as const;

function Row({ backfill }: { backfill: Backfill }) {
  const cancel = useCancelBackfill();
  const { request, total, by_type: byType = {}, status } = backfill;
  const ended = ENDED.reduce((sum, type) => sum + (byType[type] ?? 0), 0);
  return (
    <li className="flex flex-col gap-2 px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 text-ink-muted">
          <Time at={request.start} style="absolute" /> – <Time at={request.end} style="absolute" />
        </span>
        <span className="tabular ml-auto">
          {numberOf(ended)} of {numberOf(total)} done
        </span>
        {status === "RUNNING" ? (
          <Button
            size="sm"
            disabled={cancel.isPending}
            onClick={() =>
              cancel.mutate(request.id, {
                onSuccess: () => toast.done("The backfill is cancelled"),
                onError: (error) => toast.failed("The backfill goes on", error),
              })
            }
          >
            Cancel
          </Button>
        ) : (
          <span className="text-xs text-ink-muted">{status === "CANCELLED" ? "Cancelled" : "Completed"}</span>
        )}
      </div>
      <div
        role="progressbar"
        aria-label="Backfill"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={ended}
        className="flex h-1.5 overflow-hidden rounded-full bg-hover"
      >
        {STACK_ORDER.map((type) => {
          const count = byType[type] ?? 0;
          if (count === 0 || total === 0) return null;
          return (
            <span
              key={type}
              className={`tone-${toneOf(type)} tone-fill`}
              style={{ width: `${(count / total) * 100}%` }}
            />
          );
        })}
      </div>
      <p className="flex flex-wrap gap-x-3 text-xs text-ink-muted">
        {STACK_ORDER.filter((type) => (byType[type] ?? 0) > 0).map((type) => (
          <span key={type}>
            {numberOf(byType[type] ?? 0)} {labelOfType(type).toLowerCase()}
          </span>
        ))}
        <Link
          to="/runs"
          search={{ deployment: [request.deployment_id] }}
          className="ml-auto rounded hover:text-ink hover:underline"
        >
          See runs
        </Link>
      </p>
    </li>
  );
}
