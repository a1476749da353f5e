import { toast } from "@/components/ui/toast";
import { useSuspendFlowRun } from "@/queries/use-suspend-flow-run";

import { ConfirmDialog } from "./confirm-dialog";
import type { RunDialogProps } from "./dialog-props";

/** Asks before a run is suspended. */
export function SuspendDialog({ run, onClose }: RunDialogProps) {
  const suspend = useSuspendFlowRun(run.id);
  function confirm() {
    suspend.mutate(undefined, {
      onSuccess() {
        toast.done(`${run.name} is suspended`);
        onClose();
      },
    });
  }
  return (
    <ConfirmDialog
      title="Suspend the run"
      verb="Suspend the run"
      isPending={suspend.isPending}
      error={suspend.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        The process of <strong className="font-semibold">{run.name}</strong> ends with its next heartbeat, and
        the run waits until somebody resumes it. Tasks that completed and kept their results do not run again
        then.
      </p>
      {run.deployment_id == null && (
        <p className="text-ink-muted">
          No deployment made it, so no worker takes it up again: it has to be continued by hand, by{" "}
          <code className="font-mono text-xs">penstock flow run --recover</code>.
        </p>
      )}
    </ConfirmDialog>
  );
}
