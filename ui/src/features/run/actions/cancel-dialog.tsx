import { toast } from "@/components/ui/toast";
import { useCancelFlowRun } from "@/queries/use-cancel-flow-run";
import { useSetFlowRunState } from "@/queries/use-set-flow-run-state";

import { ConfirmDialog } from "./confirm-dialog";
import type { RunDialogProps } from "./dialog-props";

/** Asks before a run is cancelled. */
export function CancelDialog({ run, onClose }: RunDialogProps) {
  const cancel = useCancelFlowRun(run.id);
  function confirm() {
    cancel.mutate(undefined, {
      onSuccess() {
        toast.done(`${run.name} is told to stop`);
        onClose();
      },
    });
  }
  return (
    <ConfirmDialog
      title="Cancel the run"
      verb="Cancel the run"
      isDanger
      isPending={cancel.isPending}
      error={cancel.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        <strong className="font-semibold">{run.name}</strong> is told to stop, with the runs that it called.
        Its process has time to clean up, and is ended if it takes too long.
      </p>
    </ConfirmDialog>
  );
}

/** Asks before a run is Cancelled whatever its process does. */
export function ForceCancelDialog({ run, onClose }: RunDialogProps) {
  const set = useSetFlowRunState(run.id);
  function confirm() {
    const state = {
      type: "CANCELLED",
      name: "Cancelled",
      message: "Cancelled by force.",
      force: true,
    } as const;
    set.mutate(state, {
      onSuccess() {
        toast.done(`${run.name} is cancelled`);
        onClose();
      },
    });
  }
  return (
    <ConfirmDialog
      title="Force cancel the run"
      verb="Force cancel"
      isDanger
      isPending={set.isPending}
      error={set.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        <strong className="font-semibold">{run.name}</strong> is Cancelled at once, whether its process
        answers or not. A process that still runs takes note at its next heartbeat, and nothing more is taken
        from it.
      </p>
    </ConfirmDialog>
  );
}
