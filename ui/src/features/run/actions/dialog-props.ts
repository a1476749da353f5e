import type { FlowRun } from "@/api/types";

/** What the dialog of each action is given. */
export interface RunDialogProps {
  run: FlowRun;
  onClose: () => void;
}
