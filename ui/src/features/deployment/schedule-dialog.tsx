import { useMemo, useState } from "react";

import type { Schedule } from "@/api/types";
import { CodeEditor } from "@/components/code-editor/code-editor";
import { problemOfText } from "@/components/schema-form/schema-form";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ProblemNote } from "@/components/ui/problem-note";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import { Textarea } from "@/components/ui/textarea";
import { readObject, writeExact, type JsonObject } from "@/lib/exact-json";
import { isZone, ownZone } from "@/lib/time";
import { useSettled } from "@/lib/use-settled";
import { useUpcoming } from "@/queries/use-upcoming";

import { drafted, scheduleOf, type Draft } from "./schedule-draft";

interface ScheduleDialogProps {
  /** The schedule as it was written; null for a new one. */
  spec: JsonObject | null;
  isPending: boolean;
  error: unknown;
  onSave: (spec: JsonObject) => void;
  onClose: () => void;
}

const KINDS = [
  { value: "cron", label: "Cron" },
  { value: "interval", label: "Interval" },
  { value: "rrule", label: "Rule" },
] as const;

const ZONES = Intl.supportedValuesOf("timeZone");

/** Makes or changes a schedule, and shows at which instants it would fall. */
export function ScheduleDialog({ spec, isPending, error, onSave, onClose }: ScheduleDialogProps) {
  const [draft, setDraft] = useState<Draft>(() => drafted(spec, ownZone()));
  const [parameters, setParameters] = useState(() => writeExact(spec?.parameters ?? {}, 2));
  const set = (changed: Partial<Draft>) => setDraft({ ...draft, ...changed });
  const schedule = useMemo(() => scheduleOf(draft), [draft]);
  const isUsable = schedule !== null && problemOfText(parameters) === undefined;

  function save() {
    if (schedule === null) return;
    const { anchor_date: anchor } = (spec?.schedule ?? {}) as JsonObject;
    const keeps = draft.kind === "interval" && anchor !== undefined;
    onSave({
      ...(spec ?? {}),
      schedule: { ...schedule, ...(keeps ? { anchor_date: anchor } : {}) } as JsonObject,
      parameters: readObject(parameters) ?? {},
      missed: draft.missed,
      overlap: draft.overlap,
      ...(spec === null && draft.slug.trim() !== "" ? { slug: draft.slug.trim() } : {}),
    });
  }

  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && !isPending && onClose()}>
      <DialogContent
        title={spec === null ? "Add a schedule" : `Change ${String(spec.slug)}`}
        className="max-w-xl"
        footer={
          <>
            <Button onClick={onClose} disabled={isPending}>
              Close
            </Button>
            <Button variant="primary" disabled={!isUsable || isPending} onClick={save}>
              {spec === null ? "Add" : "Save"}
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-4">
          <div>
            <Segmented
              label="Kind of schedule"
              value={draft.kind}
              options={KINDS}
              onChange={(kind) => set({ kind })}
            />
          </div>
          <Rule draft={draft} set={set} />
          <Field
            id="schedule-zone"
            label="Time zone"
            problem={isZone(draft.timezone) ? undefined : "No time zone is called so."}
          >
            <Input
              id="schedule-zone"
              list="schedule-zones"
              value={draft.timezone}
              onChange={({ target }) => set({ timezone: target.value })}
            />
            <datalist id="schedule-zones">
              <option value="UTC" />
              {ZONES.map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </Field>
          <Preview schedule={schedule} zone={draft.timezone} />
          <details>
            <summary className="w-fit rounded font-medium">More</summary>
            <div className="mt-3 flex flex-col gap-4">
              {spec === null && (
                <Field
                  id="schedule-slug"
                  label="Name"
                  hint="One is made from what it says where none is given."
                >
                  <Input
                    id="schedule-slug"
                    value={draft.slug}
                    onChange={({ target }) => set({ slug: target.value })}
                  />
                </Field>
              )}
              <div className="grid gap-4 sm:grid-cols-2">
                <Field id="schedule-missed" label="Runs that were missed">
                  <Select
                    id="schedule-missed"
                    value={draft.missed}
                    onChange={({ target }) => set({ missed: target.value })}
                  >
                    <option value="LATEST">make up for the latest</option>
                    <option value="ALL">make up for all</option>
                    <option value="SKIP">skip them</option>
                  </Select>
                </Field>
                <Field id="schedule-overlap" label="While an earlier run goes on">
                  <Select
                    id="schedule-overlap"
                    value={draft.overlap}
                    onChange={({ target }) => set({ overlap: target.value })}
                  >
                    <option value="ALLOW">run beside it</option>
                    <option value="ENQUEUE">wait for it</option>
                    <option value="SKIP">skip the new run</option>
                    <option value="CANCEL_OLDER">cancel the earlier run</option>
                  </Select>
                </Field>
              </div>
              <div>
                <p className="mb-1 font-medium">Parameters over those of the deployment</p>
                <CodeEditor
                  label="The schedule’s parameters as JSON"
                  text={parameters}
                  onText={setParameters}
                  isInvalid={problemOfText(parameters) !== undefined}
                />
              </div>
            </div>
          </details>
          <ProblemNote error={error} />
        </div>
      </DialogContent>
    </Dialog>
  );
}

function Rule({ draft, set }: { draft: Draft; set: (changed: Partial<Draft>) => void }) {
  if (draft.kind === "cron") {
    return (
      <Field
        id="schedule-cron"
        label="Cron expression"
        hint="Minute, hour, day of the month, month, day of the week."
      >
        <Input
          id="schedule-cron"
          className="font-mono"
          value={draft.cron}
          spellCheck={false}
          onChange={({ target }) => set({ cron: target.value })}
        />
      </Field>
    );
  }
  if (draft.kind === "interval") {
    return (
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-end gap-2">
        <Field id="schedule-every" label="Every">
          <Input
            id="schedule-every"
            inputMode="decimal"
            value={draft.every}
            onChange={({ target }) => set({ every: target.value })}
          />
        </Field>
        <Select
          aria-label="Unit"
          value={String(draft.unitSeconds)}
          onChange={({ target }) => set({ unitSeconds: Number(target.value) })}
        >
          <option value="1">seconds</option>
          <option value="60">minutes</option>
          <option value="3600">hours</option>
          <option value="86400">days</option>
        </Select>
      </div>
    );
  }
  return (
    <Field
      id="schedule-rrule"
      label="Recurrence rule"
      hint="As RFC 5545 has it, such as FREQ=WEEKLY;BYDAY=MO;BYHOUR=9."
    >
      <Textarea
        id="schedule-rrule"
        className="font-mono"
        rows={3}
        value={draft.rrule}
        spellCheck={false}
        onChange={({ target }) => set({ rrule: target.value })}
      />
    </Field>
  );
}

function Preview({ schedule, zone }: { schedule: Schedule | null; zone: string }) {
  const settled = useSettled(schedule);
  const upcoming = useUpcoming(settled);
  const words = useMemo(
    () =>
      new Intl.DateTimeFormat("en-GB", {
        timeZone: isZone(zone) ? zone : "UTC",
        weekday: "short",
        day: "numeric",
        month: "short",
        year: "numeric",
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
        timeZoneName: "short",
      }),
    [zone],
  );
  return (
    <section
      aria-label="The next times"
      aria-live="polite"
      className="min-h-32 rounded-md bg-sunken p-3 text-xs"
    >
      <h3 className="mb-1.5 font-medium text-ink-muted">The next times</h3>
      {settled === null && <p className="text-ink-faint">Say when, to see at which times it falls.</p>}
      {settled !== null && upcoming.isPending && <Skeleton className="h-20 w-56" />}
      {settled !== null && upcoming.isError && (
        <p className="break-words text-danger">{upcoming.error.message}</p>
      )}
      {settled !== null && upcoming.isSuccess && (
        <ol className="tabular space-y-0.5">
          {upcoming.data.instants.map((instant) => (
            <li key={instant}>{words.format(new Date(instant))}</li>
          ))}
          {upcoming.data.instants.length === 0 && (
            <li className="text-ink-muted">It falls at no time to come.</li>
          )}
        </ol>
      )}
    </section>
  );
}
