import { useState } from "react";

import type { WorkPool } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ProblemNote } from "@/components/ui/problem-note";
import { toast } from "@/components/ui/toast";
import { limitOf } from "@/lib/limit";
import { useChangeWorkPool } from "@/queries/use-change-work-pool";

/** Changes a work pool's limit and description. */
export function PoolDialog({ pool, onClose }: { pool: WorkPool; onClose: () => void }) {
  const change = useChangeWorkPool();
  const [limit, setLimit] = useState(String(pool.concurrency_limit ?? ""));
  const [description, setDescription] = useState(pool.description ?? "");
  const concurrency = limitOf(limit);
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && !change.isPending && onClose()}>
      <DialogContent
        title={`Change ${pool.name}`}
        footer={
          <>
            <Button onClick={onClose} disabled={change.isPending}>
              Close
            </Button>
            <Button
              variant="primary"
              disabled={concurrency === undefined || change.isPending}
              onClick={() =>
                change.mutate(
                  {
                    name: pool.name,
                    concurrency_limit: concurrency,
                    description: description.trim() === "" ? null : description.trim(),
                  },
                  {
                    onSuccess() {
                      toast.done("The work pool is changed");
                      onClose();
                    },
                  },
                )
              }
            >
              Save
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-4">
          <Field
            id="pool-limit"
            label="Runs at once"
            hint="Any number where nothing is said."
            problem={concurrency === undefined ? "This is no whole number." : undefined}
          >
            <Input
              id="pool-limit"
              inputMode="numeric"
              value={limit}
              onChange={({ target }) => setLimit(target.value)}
            />
          </Field>
          <Field id="pool-description" label="Description">
            <Input
              id="pool-description"
              value={description}
              onChange={({ target }) => setDescription(target.value)}
            />
          </Field>
          <ProblemNote error={change.error} />
        </div>
      </DialogContent>
    </Dialog>
  );
}
