import { useState } from "react";

import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { useRetryFlowRun } from "@/queries/use-retry-flow-run";

import { ConfirmDialog } from "./confirm-dialog";
import type { RunDialogProps } from "./dialog-props";

/** Asks before a run that ended badly is carried out again. */
export function RetryDialog({ run, onClose }: RunDialogProps) {
  const [reason, setReason] = useState("");
  const retry = useRetryFlowRun(run.id);
  function confirm() {
    retry.mutate(reason.trim(), {
      onSuccess() {
        toast.done(`${run.name} waits for a worker again`);
        onClose();
      },
    });
  }
  return (
    <ConfirmDialog
      title="Retry the run"
      verb="Retry the run"
      isPending={retry.isPending}
      error={retry.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        <strong className="font-semibold">{run.name}</strong> waits for a worker anew, under the same name.
        Tasks that completed and kept their results do not run again.
      </p>
      <label className="block" htmlFor="retry-reason">
        <span className="mb-1 block text-xs text-ink-muted">Why, for those who read its history</span>
        <Input
          id="retry-reason"
          value={reason}
          maxLength={200}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
    </ConfirmDialog>
  );
}
