import { useState } from "react";

import type { WorkQueue } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ProblemNote } from "@/components/ui/problem-note";
import { toast } from "@/components/ui/toast";
import { limitOf } from "@/lib/limit";
import { useSaveWorkQueue } from "@/queries/use-save-work-queue";

interface QueueDialogProps {
  pool: string;
  /** The queue to change; null for a new one. */
  queue: WorkQueue | null;
  onClose: () => void;
}

/** Makes or changes a queue of a work pool. */
export function QueueDialog({ pool, queue, onClose }: QueueDialogProps) {
  const save = useSaveWorkQueue();
  const [name, setName] = useState(queue?.name ?? "");
  const [priority, setPriority] = useState(String(queue?.priority ?? ""));
  const [limit, setLimit] = useState(String(queue?.concurrency_limit ?? ""));
  const [description, setDescription] = useState(queue?.description ?? "");
  const rank = limitOf(priority);
  const concurrency = limitOf(limit);
  const isUsable = name.trim() !== "" && rank !== undefined && rank !== 0 && concurrency !== undefined;

  function carryOut() {
    const said = {
      pool_name: pool,
      concurrency_limit: concurrency,
      description: description.trim() === "" ? null : description.trim(),
      ...(rank == null ? {} : { priority: rank }),
    };
    save.mutate(
      queue === null
        ? { isNew: true, queue: { ...said, name: name.trim() } }
        : { isNew: false, queue: { ...said, name: queue.name } },
      {
        onSuccess() {
          toast.done(queue === null ? "The queue is added" : "The queue is changed");
          onClose();
        },
      },
    );
  }

  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && !save.isPending && onClose()}>
      <DialogContent
        title={queue === null ? "Add a queue" : `Change ${queue.name}`}
        footer={
          <>
            <Button onClick={onClose} disabled={save.isPending}>
              Close
            </Button>
            <Button variant="primary" disabled={!isUsable || save.isPending} onClick={carryOut}>
              {queue === null ? "Add" : "Save"}
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-4">
          {queue === null && (
            <Field id="queue-name" label="Name">
              <Input id="queue-name" value={name} onChange={({ target }) => setName(target.value)} />
            </Field>
          )}
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              id="queue-priority"
              label="Priority"
              hint="The lowest number goes first."
              problem={rank === undefined || rank === 0 ? "This is no whole number from 1 on." : undefined}
            >
              <Input
                id="queue-priority"
                inputMode="numeric"
                value={priority}
                onChange={({ target }) => setPriority(target.value)}
              />
            </Field>
            <Field
              id="queue-limit"
              label="Runs at once"
              hint="Any number where nothing is said."
              problem={concurrency === undefined ? "This is no whole number." : undefined}
            >
              <Input
                id="queue-limit"
                inputMode="numeric"
                value={limit}
                onChange={({ target }) => setLimit(target.value)}
              />
            </Field>
          </div>
          <Field id="queue-description" label="Description">
            <Input
              id="queue-description"
              value={description}
              onChange={({ target }) => setDescription(target.value)}
            />
          </Field>
          <ProblemNote error={save.error} />
        </div>
      </DialogContent>
    </Dialog>
  );
}
