import { useState } from "react";

import type { Deployment } from "@/api/types";
import { problemOfText, SchemaForm } from "@/components/schema-form/schema-form";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { ProblemNote } from "@/components/ui/problem-note";
import { toast } from "@/components/ui/toast";
import { readObject, writeExact, type JsonObject } from "@/lib/exact-json";
import { useChangeDeployment } from "@/queries/use-change-deployment";

interface ParametersDialogProps {
  deployment: Deployment;
  /** Its specification, as it was written. */
  spec: JsonObject;
  onClose: () => void;
}

/** Changes what a deployment's runs are called with. */
export function ParametersDialog({ deployment, spec, onClose }: ParametersDialogProps) {
  const change = useChangeDeployment();
  const [text, setText] = useState(() => writeExact(spec.parameters ?? {}, 2));
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && !change.isPending && onClose()}>
      <DialogContent
        title="Change parameters"
        description="Runs from now on are called with these. It makes a version, which can be taken back."
        className="max-w-2xl"
        footer={
          <>
            <Button onClick={onClose} disabled={change.isPending}>
              Close
            </Button>
            <Button
              variant="primary"
              disabled={problemOfText(text) !== undefined || change.isPending}
              onClick={() =>
                change.mutate(
                  {
                    id: deployment.id,
                    expected_version: deployment.version_number,
                    parameters: readObject(text),
                    note: "The parameters were changed in the dashboard.",
                  },
                  {
                    onSuccess() {
                      toast.done("The parameters are changed");
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
          <SchemaForm
            label="Parameters"
            schema={(spec.parameter_schema ?? {}) as JsonObject}
            text={text}
            onText={setText}
            isDisabled={change.isPending}
          />
          <ProblemNote error={change.error} />
        </div>
      </DialogContent>
    </Dialog>
  );
}
