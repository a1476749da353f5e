import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import type { Deployment } from "@/api/types";
import { CodeEditor } from "@/components/code-editor/code-editor";
import { problemOfText, SchemaForm } from "@/components/schema-form/schema-form";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ProblemNote } from "@/components/ui/problem-note";
import { Segmented } from "@/components/ui/segmented";
import { readObject, writeExact, type JsonObject } from "@/lib/exact-json";
import { newId } from "@/lib/ids";
import { instantOf, localOf } from "@/lib/local-time";
import { usePreferences } from "@/lib/preferences";
import { ownZone } from "@/lib/time";
import { useRunDeployment } from "@/queries/use-run-deployment";

interface RunDialogProps {
  deployment: Deployment;
  /** Its specification, as it was written. */
  spec: JsonObject;
  onClose: () => void;
}

const HOUR_MS = 3_600_000;

/** Asks with what, as what and when a deployment is to run, and has it run. */
export function RunDialog({ deployment, spec, onClose }: RunDialogProps) {
  const navigate = useNavigate();
  const preferences = usePreferences();
  const zone = preferences.zone || ownZone();
  const run = useRunDeployment();
  const [id] = useState(() => newId());
  const [parameters, setParameters] = useState(() => writeExact(spec.parameters ?? {}, 2));
  const [name, setName] = useState("");
  const [tags, setTags] = useState("");
  const [when, setWhen] = useState<"now" | "later">("now");
  const [at, setAt] = useState(() => localOf(new Date(Date.now() + HOUR_MS), zone));
  const [variables, setVariables] = useState("{}");
  const instant = when === "later" ? instantOf(at, zone) : undefined;
  const canRun =
    problemOfText(parameters) === undefined && problemOfText(variables) === undefined && instant !== null;

  function carryOut() {
    run.mutate(
      {
        id: deployment.id,
        // The same id for each try: asking again makes no second run.
        flow_run_id: id,
        parameters: readObject(parameters),
        job_variables: readObject(variables),
        tags: listOf(tags),
        ...(name.trim() === "" ? {} : { name: name.trim() }),
        ...(instant ? { scheduled_time: instant } : {}),
      },
      { onSuccess: ({ flow_run }) => void navigate({ to: "/runs/$runId", params: { runId: flow_run.id } }) },
    );
  }

  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && !run.isPending && onClose()}>
      <DialogContent
        title={`Run ${deployment.spec.flow_name}/${deployment.spec.name}`}
        className="max-w-2xl"
        footer={
          <>
            <Button onClick={onClose} disabled={run.isPending}>
              Close
            </Button>
            <Button variant="primary" disabled={!canRun || run.isPending} onClick={carryOut}>
              {when === "now" ? "Run now" : "Schedule the run"}
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-5">
          <SchemaForm
            label="Parameters"
            schema={(spec.parameter_schema ?? {}) as JsonObject}
            text={parameters}
            onText={setParameters}
            isDisabled={run.isPending}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <Field id="run-name" label="Name" hint="One is made where none is given.">
              <Input id="run-name" value={name} onChange={({ target }) => setName(target.value)} />
            </Field>
            <Field id="run-tags" label="Tags" hint="Beside those of the deployment; with commas between.">
              <Input id="run-tags" value={tags} onChange={({ target }) => setTags(target.value)} />
            </Field>
          </div>
          <div className="flex flex-wrap items-end gap-3">
            <div>
              <p className="mb-1 font-medium">When</p>
              <Segmented
                label="When it runs"
                value={when}
                options={[
                  { value: "now", label: "Now" },
                  { value: "later", label: "Later" },
                ]}
                onChange={setWhen}
              />
            </div>
            {when === "later" && (
              <Field
                id="run-at"
                label={`At, in ${zone}`}
                problem={instant === null ? "This is no time." : undefined}
              >
                <Input
                  id="run-at"
                  type="datetime-local"
                  value={at}
                  onChange={({ target }) => setAt(target.value)}
                />
              </Field>
            )}
          </div>
          <details>
            <summary className="w-fit rounded font-medium">Job variables</summary>
            <p className="mt-1 mb-2 text-xs text-ink-faint">
              Over those of the deployment and of its work pool, by name.
            </p>
            <CodeEditor
              label="Job variables as JSON"
              text={variables}
              onText={setVariables}
              isInvalid={problemOfText(variables) !== undefined}
            />
          </details>
          <ProblemNote error={run.error} />
        </div>
      </DialogContent>
    </Dialog>
  );
}

function listOf(text: string): string[] {
  return text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}
