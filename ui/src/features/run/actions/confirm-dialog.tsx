import type { ReactNode } from "react";

import { ApiError } from "@/api/errors";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";

interface ConfirmDialogProps {
  title: string;
  /** What the button says that does it, such as "Cancel the run". */
  verb: string;
  isDanger?: boolean;
  isPending: boolean;
  isDisabled?: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
  className?: string;
}

/** Asks before something is done to a run, and says why it was not where it was not. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, verb, isDanger = false, isPending, isDisabled = false, error, onConfirm, onClose } = props;
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && !isPending && onClose()}>
      <DialogContent
        title={title}
        className={props.className}
        footer={
          <>
            <Button onClick={onClose} disabled={isPending}>
              Leave it
            </Button>
            <Button
              variant={isDanger ? "danger" : "primary"}
              disabled={isPending || isDisabled}
              onClick={onConfirm}
            >
              {isPending ? "…" : verb}
            </Button>
          </>
        }
      >
        <div className="space-y-3 text-sm">{props.children}</div>
        {error !== null && (
          <p
            role="alert"
            className="mt-3 rounded-lg border border-danger/30 bg-danger-soft p-3 text-sm break-words"
          >
            {error instanceof Error ? error.message : String(error)}
            {error instanceof ApiError && error.requestId !== null && (
              <span className="mt-1 block text-xs text-ink-muted">
                Request <code className="font-mono">{error.requestId}</code>
              </span>
            )}
          </p>
        )}
      </DialogContent>
    </Dialog>
  );
}
