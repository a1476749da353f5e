import { useState } from "react";

import type { Deployment } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ProblemNote } from "@/components/ui/problem-note";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import { newId } from "@/lib/ids";
import { instantOf, localOf } from "@/lib/local-time";
import { countOf } from "@/lib/plural";
import { usePreferences } from "@/lib/preferences";
import { scheduleWords } from "@/lib/schedule-words";
import { ownZone } from "@/lib/time";
import { useCreateBackfill } from "@/queries/use-create-backfill";

const DAY_MS = 86_400_000;

/** Asks for which range a deployment is to run again; says how many runs that makes before any is made. */
export function BackfillDialog({ deployment, onClose }: { deployment: Deployment; onClose: () => void }) {
  const preferences = usePreferences();
  const zone = preferences.zone || ownZone();
  const count = useCreateBackfill();
  const create = useCreateBackfill();
  const schedules = deployment.schedules ?? [];
  const [id] = useState(() => newId());
  const [start, setStart] = useState(() => localOf(new Date(Date.now() - 7 * DAY_MS), zone));
  const [end, setEnd] = useState(() => localOf(new Date(), zone));
  const [slug, setSlug] = useState(schedules[0]?.slug ?? "");
  const [concurrency, setConcurrency] = useState("1");
  const [parameter, setParameter] = useState("");
  const [newestFirst, setNewestFirst] = useState(false);
  const from = instantOf(start, zone);
  const to = instantOf(end, zone);
  const atOnce = Number(concurrency);
  const isUsable =
    from !== null && to !== null && Number.isInteger(atOnce) && atOnce > 0 && schedules.length > 0;
  const names = Object.keys(
    (deployment.spec.parameter_schema as { properties?: object } | undefined)?.properties ?? {},
  );

  const wanted = (dryRun: boolean) => ({
    // Counting makes nothing; a try that got no answer and is made again makes no second backfill.
    id: dryRun ? newId() : id,
    deployment_id: deployment.id,
    start: from!,
    end: to!,
    schedule_slug: slug,
    concurrency: atOnce,
    newest_first: newestFirst,
    dry_run: dryRun,
    ...(parameter === "" ? {} : { instant_parameter: parameter }),
  });
  const forget = () => count.reset();

  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && !create.isPending && onClose()}>
      <DialogContent
        title="Backfill"
        description="Runs for every time of a past range at which a schedule falls."
        className="max-w-xl"
        footer={
          <>
            <Button onClick={onClose} disabled={create.isPending}>
              Close
            </Button>
            {count.isSuccess ? (
              <Button
                variant="primary"
                disabled={!isUsable || create.isPending || count.data.total === 0}
                onClick={() =>
                  create.mutate(wanted(false), {
                    onSuccess(made) {
                      toast.done(`The backfill makes ${countOf(made.total, "run")}`);
                      onClose();
                    },
                  })
                }
              >
                Make {countOf(count.data.total, "run")}
              </Button>
            ) : (
              <Button
                variant="primary"
                disabled={!isUsable || count.isPending}
                onClick={() => count.mutate(wanted(true))}
              >
                Count the runs
              </Button>
            )}
          </>
        }
      >
        {schedules.length === 0 ? (
          <p className="text-ink-muted">
            The deployment has no schedule, so no times are known. Add one; it may be turned off.
          </p>
        ) : (
          <div className="flex flex-col gap-4" onChange={forget}>
            <div className="grid gap-4 sm:grid-cols-2">
              <Field id="backfill-from" label={`From, in ${zone}`}>
                <Input
                  id="backfill-from"
                  type="datetime-local"
                  value={start}
                  onChange={({ target }) => setStart(target.value)}
                />
              </Field>
              <Field id="backfill-to" label="To, which is not in it">
                <Input
                  id="backfill-to"
                  type="datetime-local"
                  value={end}
                  onChange={({ target }) => setEnd(target.value)}
                />
              </Field>
            </div>
            <Field id="backfill-schedule" label="Schedule">
              <Select id="backfill-schedule" value={slug} onChange={({ target }) => setSlug(target.value)}>
                {schedules.map((schedule) => (
                  <option key={schedule.slug} value={schedule.slug}>
                    {scheduleWords(schedule.spec.schedule)}
                  </option>
                ))}
              </Select>
            </Field>
            <div className="grid gap-4 sm:grid-cols-2">
              <Field id="backfill-at-once" label="Runs at once">
                <Input
                  id="backfill-at-once"
                  inputMode="numeric"
                  value={concurrency}
                  onChange={({ target }) => setConcurrency(target.value)}
                />
              </Field>
              <Field id="backfill-parameter" label="Its time is given as" hint="As ISO 8601.">
                <Select
                  id="backfill-parameter"
                  value={parameter}
                  onChange={({ target }) => setParameter(target.value)}
                >
                  <option value="">no parameter</option>
                  {names.map((name) => (
                    <option key={name} value={name}>
                      {name}
                    </option>
                  ))}
                </Select>
              </Field>
            </div>
            <label htmlFor="backfill-newest" className="flex w-fit items-center gap-2">
              <Checkbox
                id="backfill-newest"
                checked={newestFirst}
                onCheckedChange={(checked) => {
                  setNewestFirst(checked);
                  forget();
                }}
              />
              Begin with the newest
            </label>
            {count.isSuccess && (
              <p role="status">
                {count.data.total === 0
                  ? "The schedule falls at no time of this range."
                  : `That makes ${countOf(count.data.total, "run")}.`}
              </p>
            )}
            <ProblemNote error={count.error ?? create.error} />
          </div>
        )}
      </DialogContent>
    </Dialog>
  );
}
