import { Pencil } from "lucide-react";
import { useState } from "react";

import { CodeEditor } from "@/components/code-editor/code-editor";
import { problemOfText } from "@/components/schema-form/schema-form";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { ProblemNote } from "@/components/ui/problem-note";
import { toast } from "@/components/ui/toast";
import { readObject, writeExact, type Json } from "@/lib/exact-json";
import { useChangeWorkPool } from "@/queries/use-change-work-pool";

/** What runs of a pool may say about their infrastructure, and what becomes of it; changed as JSON, which the server checks. */
export function TemplatePanel({ pool, template }: { pool: string; template: Json }) {
  const change = useChangeWorkPool();
  const written = writeExact(template, 2);
  const [draft, setDraft] = useState<string | null>(null);
  const close = () => {
    change.reset();
    setDraft(null);
  };
  return (
    <Panel
      title="Base job template"
      aside={
        draft === null ? (
          <Button variant="ghost" size="sm" onClick={() => setDraft(written)}>
            <Pencil /> Edit
          </Button>
        ) : (
          <span className="flex gap-2">
            <Button size="sm" disabled={change.isPending} onClick={close}>
              Leave it
            </Button>
            <Button
              size="sm"
              variant="primary"
              disabled={change.isPending || problemOfText(draft) !== undefined}
              onClick={() =>
                change.mutate(
                  { name: pool, base_job_template: readObject(draft) as never },
                  {
                    onSuccess() {
                      toast.done("The template is changed");
                      close();
                    },
                  },
                )
              }
            >
              Save
            </Button>
          </span>
        )
      }
    >
      <div className="flex flex-col gap-3 px-4 pb-4">
        {change.isError && <ProblemNote error={change.error} />}
        <CodeEditor
          label="Base job template"
          text={draft ?? written}
          onText={(text) => draft !== null && setDraft(text)}
          isReadOnly={draft === null}
          isInvalid={draft !== null && problemOfText(draft) !== undefined}
        />
      </div>
    </Panel>
  );
}
