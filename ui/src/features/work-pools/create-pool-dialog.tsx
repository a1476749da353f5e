import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ProblemNote } from "@/components/ui/problem-note";
import { Select } from "@/components/ui/select";
import { limitOf } from "@/lib/limit";
import { useCreateWorkPool } from "@/queries/use-create-work-pool";

const TYPES = [
  { value: "process", label: "Process: on the worker’s machine" },
  { value: "docker", label: "Docker: in containers" },
  { value: "kubernetes", label: "Kubernetes: as jobs of a cluster" },
];

/** Makes a work pool of a type that the server knows. */
export function CreatePoolDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const create = useCreateWorkPool();
  const [name, setName] = useState("");
  const [type, setType] = useState("process");
  const [description, setDescription] = useState("");
  const [limit, setLimit] = useState("");
  const concurrency = limitOf(limit);
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && !create.isPending && onClose()}>
      <DialogContent
        title="New work pool"
        footer={
          <>
            <Button onClick={onClose} disabled={create.isPending}>
              Close
            </Button>
            <Button
              variant="primary"
              disabled={name.trim() === "" || concurrency === undefined || create.isPending}
              onClick={() =>
                create.mutate(
                  {
                    name: name.trim(),
                    type,
                    description: description.trim() === "" ? null : description.trim(),
                    concurrency_limit: concurrency,
                  },
                  {
                    onSuccess: (pool) =>
                      void navigate({ to: "/work-pools/$pool", params: { pool: pool.name } }),
                  },
                )
              }
            >
              Make it
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-4">
          <Field id="pool-name" label="Name">
            <Input id="pool-name" value={name} onChange={({ target }) => setName(target.value)} />
          </Field>
          <Field id="pool-type" label="Type" hint="Where its workers run flows.">
            <Select id="pool-type" value={type} onChange={({ target }) => setType(target.value)}>
              {TYPES.map((one) => (
                <option key={one.value} value={one.value}>
                  {one.label}
                </option>
              ))}
            </Select>
          </Field>
          <Field id="pool-description" label="Description">
            <Input
              id="pool-description"
              value={description}
              onChange={({ target }) => setDescription(target.value)}
            />
          </Field>
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
          <ProblemNote error={create.error} />
        </div>
      </DialogContent>
    </Dialog>
  );
}
