import type { ReactNode } from "react";

import { Button } from "./ui/button";
import { Dialog, DialogContent } from "./ui/dialog";
import { ProblemNote } from "./ui/problem-note";

interface ConfirmDialogProps {
  title: string;
  /** What would happen. */
  children: ReactNode;
  /** What the button says that has it happen. */
  verb: string;
  isDanger?: boolean;
  isPending: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something is done that can't be undone with a click. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, verb, isDanger = false, isPending, error, onConfirm, onClose } = props;
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && !isPending && onClose()}>
      <DialogContent
        title={title}
        footer={
          <>
            <Button onClick={onClose} disabled={isPending}>
              Leave it
            </Button>
            <Button variant={isDanger ? "danger" : "primary"} onClick={onConfirm} disabled={isPending}>
              {verb}
            </Button>
          </>
        }
      >
        <div className="space-y-3">
          <div>{children}</div>
          <ProblemNote error={error} />
        </div>
      </DialogContent>
    </Dialog>
  );
}
