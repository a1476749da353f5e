import { useState } from "react";

import type { FlowRunFilter } from "@/api/types";
import { ErrorPanel } from "@/components/error-panel";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { countOf } from "@/lib/plural";
import { useBulkAction, type BulkAction, type BulkResult } from "@/queries/use-bulk-action";
import { useBulkCount } from "@/queries/use-bulk-count";

import { touchedBy } from "./bulk-filter";

const WORDS: Record<
  BulkAction,
  { title: string; verb: string; done: string; explained: string; none: string }
> = {
  cancel: {
    title: "Cancel runs",
    verb: "Cancel",
    done: "cancelled",
    explained:
      "Runs in progress are told to stop, and end as Cancelled. Runs that have ended stay as they are.",
    none: "None of these runs goes on or is to come: there is nothing to cancel.",
  },
  retry: {
    title: "Retry runs",
    verb: "Retry",
    done: "retried",
    explained:
      "Runs that ended badly wait for a worker again. Only runs that a deployment made can be retried from here.",
    none: "None of these runs has failed, crashed or been cancelled: there is nothing to retry.",
  },
  delete: {
    title: "Delete runs",
    verb: "Delete",
    done: "deleted",
    explained: "Their record, with task runs, logs and the runs that they called, is gone for good.",
    none: "None of these runs is there any more.",
  },
};

interface BulkDialogProps {
  action: BulkAction;
  filter: FlowRunFilter;
  onClose: () => void;
  onDone: () => void;
}

/** Says how many runs an action would touch, and carries it out when that is confirmed. */
export function BulkDialog({ action, filter, onClose, onDone }: BulkDialogProps) {
  const words = WORDS[action];
  const meant = touchedBy(action, filter);
  const count = useBulkCount(action, meant);
  const bulk = useBulkAction();
  const [progress, setProgress] = useState(0);

  function carryOut() {
    bulk.mutate(
      { action, filter: meant, onProgress: setProgress },
      {
        onSuccess(result) {
          toast.done(`${countOf(result.affected, "run")} ${words.done}`, leftAsTheyAre(result));
          onDone();
        },
      },
    );
  }

  const matched = count.data?.matched ?? 0;
  const isCapped = count.data?.is_capped ?? false;
  const subflows = count.data?.subflows ?? 0;
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && !bulk.isPending && onClose()}>
      <DialogContent
        title={words.title}
        footer={
          <>
            <Button onClick={onClose} disabled={bulk.isPending}>
              Leave them
            </Button>
            <Button
              variant={action === "retry" ? "primary" : "danger"}
              disabled={matched === 0 || bulk.isPending}
              onClick={carryOut}
            >
              {bulk.isPending
                ? `${countOf(progress, "run")} so far…`
                : `${words.verb} ${countOf(matched, "run", isCapped)}`}
            </Button>
          </>
        }
      >
        {count.isPending && <Skeleton className="h-5 w-64" />}
        {count.isError && (
          <ErrorPanel what="The count" error={count.error} onRetry={() => void count.refetch()} />
        )}
        {count.isSuccess && (
          <p className="text-sm">
            {matched === 0 ? (
              words.none
            ) : (
              <>
                <strong className="font-semibold">{countOf(matched, "run", isCapped)}</strong>
                {subflows > 0 && (
                  <> and {countOf(subflows, "subflow run", count.data.is_subflows_capped)} they called</>
                )}
                {matched === 1 ? " is" : " are"} meant.{" "}
                <span className="text-ink-muted">{words.explained}</span>
              </>
            )}
          </p>
        )}
        {bulk.isError && (
          <div className="mt-3">
            <ErrorPanel what="What became of the runs" error={bulk.error} />
          </div>
        )}
      </DialogContent>
    </Dialog>
  );
}

function leftAsTheyAre({ refused }: BulkResult): string | undefined {
  if (refused.length === 0) return undefined;
  return `${countOf(refused.length, "run")} stayed as they are. ${refused[0]!.reason}`;
}
