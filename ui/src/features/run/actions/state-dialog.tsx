import { useState } from "react";

import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import { labelOf, labelOfType, type StateType } from "@/lib/states";
import { useSetFlowRunState } from "@/queries/use-set-flow-run-state";

import { ConfirmDialog } from "./confirm-dialog";
import type { RunDialogProps } from "./dialog-props";

const TYPES: readonly StateType[] = ["COMPLETED", "FAILED", "CANCELLED", "CRASHED", "SCHEDULED", "PAUSED"];

/** Asks for the state that a run is put into by hand. */
export function StateDialog({ run, onClose }: RunDialogProps) {
  const [type, setType] = useState<StateType>("COMPLETED");
  const [message, setMessage] = useState("");
  const [force, setForce] = useState(false);
  const set = useSetFlowRunState(run.id);
  function confirm() {
    const wanted = { type, name: labelOfType(type), message: message.trim() || null, force };
    set.mutate(wanted, {
      onSuccess() {
        toast.done(`${run.name} is ${labelOfType(type)}`);
        onClose();
      },
    });
  }
  return (
    <ConfirmDialog
      title="Set the state"
      verb={`Set it to ${labelOfType(type)}`}
      isDanger={force}
      isPending={set.isPending}
      error={set.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className="text-ink-muted">
        {run.name} is {labelOf(run.state.name)} now. Who set a state by hand, and to what, stands in the
        audit.
      </p>
      <label className="block" htmlFor="state-type">
        <span className="mb-1 block text-xs text-ink-muted">State</span>
        <Select id="state-type" value={type} onChange={(event) => setType(event.target.value as StateType)}>
          {TYPES.map((one) => (
            <option key={one} value={one}>
              {labelOfType(one)}
            </option>
          ))}
        </Select>
      </label>
      <label className="block" htmlFor="state-message">
        <span className="mb-1 block text-xs text-ink-muted">Message</span>
        <Input
          id="state-message"
          value={message}
          maxLength={500}
          onChange={(event) => setMessage(event.target.value)}
        />
      </label>
      <label className="flex items-start gap-2" htmlFor="state-force">
        <Checkbox id="state-force" checked={force} onCheckedChange={setForce} className="mt-0.5" />
        <span>
          Force it
          <span className="block text-xs text-ink-muted">
            Enter the state even where the rules forbid it, as from one that is final.
          </span>
        </span>
      </label>
    </ConfirmDialog>
  );
}
