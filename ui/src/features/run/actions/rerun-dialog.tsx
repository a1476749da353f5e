import { useRouter } from "@tanstack/react-router";

import { toast } from "@/components/ui/toast";
import { useRerunFlowRun } from "@/queries/use-rerun-flow-run";

import { ConfirmDialog } from "./confirm-dialog";
import type { RunDialogProps } from "./dialog-props";

/** Asks before a run is repeated by a new one. */
export function RerunDialog({ run, onClose }: RunDialogProps) {
  const router = useRouter();
  const rerun = useRerunFlowRun(run);
  function confirm() {
    rerun.mutate(undefined, {
      onSuccess({ flow_run }) {
        toast.done(`${flow_run.name} is on its way`);
        onClose();
        void router.navigate({ to: "/runs/$runId", params: { runId: flow_run.id } });
      },
    });
  }
  return (
    <ConfirmDialog
      title="Run again"
      verb="Run again"
      isPending={rerun.isPending}
      error={rerun.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        The deployment makes a new run with the parameters of{" "}
        <strong className="font-semibold">{run.name}</strong>, by its present version. This run stays as it
        is.
      </p>
    </ConfirmDialog>
  );
}
