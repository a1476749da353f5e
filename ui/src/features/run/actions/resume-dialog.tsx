import { lazy, Suspense, useState } from "react";

import { Time } from "@/components/time";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { defaultsOf } from "@/lib/schema-defaults";
import { useResumeFlowRun } from "@/queries/use-resume-flow-run";

import { ConfirmDialog } from "./confirm-dialog";
import type { RunDialogProps } from "./dialog-props";

// A form and a reader of Markdown are large, and few runs wait for input.
const PauseInput = lazy(async () => ({ default: (await import("./pause-input")).PauseInput }));
const Markdown = lazy(async () => ({ default: (await import("@/components/markdown")).Markdown }));

/** Has a paused run go on, with the input that it waits for. */
export function ResumeDialog({ run, onClose }: RunDialogProps) {
  const { pause } = run;
  const schema = pause?.input_schema as Record<string, unknown> | null | undefined;
  const [text, setText] = useState(() => (schema == null ? "" : defaultsOf(schema)));
  const resume = useResumeFlowRun(run.id);
  function confirm() {
    resume.mutate(
      { pauseKey: pause?.key ?? null, inputText: schema == null ? null : text },
      {
        onSuccess() {
          toast.done(`${run.name} goes on`);
          onClose();
        },
      },
    );
  }
  return (
    <ConfirmDialog
      title="Resume the run"
      verb="Resume the run"
      className={schema == null ? undefined : "max-w-2xl"}
      isPending={resume.isPending}
      error={resume.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className="text-ink-muted">
        {run.name} has waited since <Time at={pause?.opened ?? run.state.timestamp} style="absolute" />
        {pause?.expires ? (
          <>
            , and fails if nobody resumes it until <Time at={pause.expires} style="absolute" />.
          </>
        ) : (
          "."
        )}
      </p>
      {pause?.description && (
        <Suspense fallback={<Skeleton className="h-5 w-64" />}>
          <Markdown text={pause.description} />
        </Suspense>
      )}
      {schema != null && (
        <Suspense fallback={<Skeleton className="h-40 w-full" />}>
          <PauseInput text={text} onText={setText} />
        </Suspense>
      )}
    </ConfirmDialog>
  );
}
