import { useRouter } from "@tanstack/react-router";

import { toast } from "@/components/ui/toast";
import { countOf } from "@/lib/plural";
import { isTerminal } from "@/lib/states";
import { useBulkCount } from "@/queries/use-bulk-count";
import { useDeleteFlowRun } from "@/queries/use-delete-flow-run";

import { ConfirmDialog } from "./confirm-dialog";
import type { RunDialogProps } from "./dialog-props";

/** Asks before a run's record is deleted, and says what goes with it. */
export function DeleteDialog({ run, onClose }: RunDialogProps) {
  const router = useRouter();
  const count = useBulkCount("delete", { ids: [run.id] });
  const remove = useDeleteFlowRun(run.id);
  const subflows = count.data?.subflows ?? 0;
  function confirm() {
    remove.mutate(undefined, {
      onSuccess() {
        toast.done(`${run.name} is deleted`);
        void router.navigate({ to: "/runs" });
      },
    });
  }
  return (
    <ConfirmDialog
      title="Delete the run"
      verb="Delete the run"
      isDanger
      isPending={remove.isPending}
      isDisabled={count.isPending}
      error={remove.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        The record of <strong className="font-semibold">{run.name}</strong>, with its task runs and logs
        {subflows > 0 &&
          ` and ${countOf(subflows, "subflow run", count.data?.is_subflows_capped)} that it called`}
        , is gone for good. Results that it kept stay where they are.
      </p>
      {!isTerminal(run.state.type) && (
        <p className="text-ink-muted">It has not ended yet: cancel it first if it is to stop.</p>
      )}
    </ConfirmDialog>
  );
}
