import { useId, useState, type FormEvent } from "react";

import type { View, ViewKind } from "@/api/types";
import { ErrorPanel } from "@/components/error-panel";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { useViewChanges } from "@/queries/use-view-changes";

import type { Conditions } from "./view-conditions";

const LONGEST_NAME = 100;

interface NameViewDialogProps {
  kind: ViewKind;
  /** The view that gets another name; a new one without. */
  view?: View;
  /** What a new view means. */
  filter?: Conditions;
  onClose: () => void;
  onDone: (view: View) => void;
}

/** Asks for a view's name, and saves the view under it. */
export function NameViewDialog({ kind, view, filter = {}, onClose, onDone }: NameViewDialogProps) {
  const { save, change } = useViewChanges(kind);
  const [name, setName] = useState(view?.name ?? "");
  const id = useId();
  const { isPending, error } = view === undefined ? save : change;
  const onSuccess = (done: View) => {
    toast.done(view === undefined ? `“${done.name}” is saved` : `The view is called “${done.name}” now`);
    onDone(done);
  };

  function carryOut(event: FormEvent) {
    event.preventDefault();
    if (name.trim() === "") return;
    if (view === undefined) save.mutate({ name: name.trim(), filter }, { onSuccess });
    else change.mutate({ id: view.id, name: name.trim() }, { onSuccess });
  }

  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && !isPending && onClose()}>
      <DialogContent
        title={view === undefined ? "Save the view" : "Rename the view"}
        description={
          view === undefined
            ? "Its conditions and order are kept on the server, for everybody in the workspace."
            : undefined
        }
        className="max-w-md"
        footer={
          <>
            <Button onClick={onClose} disabled={isPending}>
              Leave it
            </Button>
            <Button variant="primary" type="submit" form={id} disabled={name.trim() === "" || isPending}>
              {view === undefined ? "Save" : "Rename"}
            </Button>
          </>
        }
      >
        <form id={id} onSubmit={carryOut}>
          <label htmlFor={`${id}-name`} className="mb-1.5 block text-sm font-medium">
            Name
          </label>
          <Input
            id={`${id}-name`}
            value={name}
            maxLength={LONGEST_NAME}
            autoComplete="off"
            aria-invalid={error !== null}
            onChange={(event) => setName(event.target.value)}
          />
        </form>
        {error !== null && (
          <div className="mt-3">
            <ErrorPanel what="A view of that name" error={error} />
          </div>
        )}
      </DialogContent>
    </Dialog>
  );
}

interface DeleteViewDialogProps {
  kind: ViewKind;
  view: View;
  onClose: () => void;
  onDone: () => void;
}

/** Asks whether a view is to be deleted for everybody. */
export function DeleteViewDialog({ kind, view, onClose, onDone }: DeleteViewDialogProps) {
  const { remove } = useViewChanges(kind);
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && !remove.isPending && onClose()}>
      <DialogContent
        title="Delete the view"
        className="max-w-md"
        footer={
          <>
            <Button onClick={onClose} disabled={remove.isPending}>
              Leave it
            </Button>
            <Button
              variant="danger"
              disabled={remove.isPending}
              onClick={() =>
                remove.mutate(view.id, {
                  onSuccess() {
                    toast.done(`“${view.name}” is deleted`);
                    onDone();
                  },
                })
              }
            >
              Delete
            </Button>
          </>
        }
      >
        <p className="text-sm">
          <strong className="font-semibold break-words">{view.name}</strong> is gone for everybody in the
          workspace.
          <span className="text-ink-muted"> The runs that it shows stay as they are.</span>
        </p>
        {remove.isError && (
          <div className="mt-3">
            <ErrorPanel what="What became of the view" error={remove.error} />
          </div>
        )}
      </DialogContent>
    </Dialog>
  );
}
