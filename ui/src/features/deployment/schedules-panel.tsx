import { CalendarClock, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import type { Deployment, DeploymentSchedule } from "@/api/types";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { Switch } from "@/components/ui/switch";
import { toast } from "@/components/ui/toast";
import type { JsonObject } from "@/lib/exact-json";
import { scheduleWords } from "@/lib/schedule-words";
import { useChangeDeployment } from "@/queries/use-change-deployment";

import { ScheduleDialog } from "./schedule-dialog";
import { slugged } from "./slugged";

interface SchedulesPanelProps {
  deployment: Deployment;
  /** Its specification, as it was written: what is not changed is sent back as it was. */
  spec: JsonObject;
}

/** When a deployment runs: each of its schedules on or off, changed, removed, or one more. */
export function SchedulesPanel({ deployment, spec }: SchedulesPanelProps) {
  const change = useChangeDeployment();
  const [edited, setEdited] = useState<number | "new" | null>(null);
  const [removed, setRemoved] = useState<number | null>(null);
  const schedules = deployment.schedules ?? [];
  const exact = slugged((spec.schedules ?? []) as JsonObject[], schedules);

  function save(changed: JsonObject[], note: string, done?: () => void) {
    change.mutate(
      { id: deployment.id, expected_version: deployment.version_number, schedules: changed, note },
      {
        onSuccess: done,
        onError: (error) => done === undefined && toast.failed("The schedules stay as they are", error),
      },
    );
  }

  function turn(index: number, active: boolean) {
    const changed = exact.map((one, at) => (at === index ? { ...one, active } : one));
    save(
      changed,
      `The schedule ${schedules[index]!.slug} was turned ${active ? "on" : "off"} in the dashboard.`,
    );
  }

  return (
    <Panel
      title="Schedules"
      aside={
        <Button variant="ghost" size="sm" onClick={() => setEdited("new")}>
          <Plus /> Add
        </Button>
      }
    >
      {deployment.spec.paused === true && schedules.length > 0 && (
        <p className="tone-paused tone-ink px-4 pb-2 text-xs">
          The deployment is paused: none of them makes runs.
        </p>
      )}
      {schedules.length === 0 && (
        <p className="px-4 pb-4 text-ink-faint">It has none: it runs when somebody asks for it.</p>
      )}
      <ul className="pb-1.5">
        {schedules.map((schedule, index) => (
          <Row
            key={schedule.id}
            schedule={schedule}
            isPending={change.isPending}
            onTurn={(active) => turn(index, active)}
            onEdit={() => setEdited(index)}
            onRemove={() => {
              change.reset();
              setRemoved(index);
            }}
          />
        ))}
      </ul>
      {edited !== null && (
        <ScheduleDialog
          spec={edited === "new" ? null : exact[edited]!}
          isPending={change.isPending}
          error={change.error}
          onClose={() => {
            change.reset();
            setEdited(null);
          }}
          onSave={(saved) =>
            save(
              edited === "new" ? [...exact, saved] : exact.map((one, at) => (at === edited ? saved : one)),
              `A schedule was ${edited === "new" ? "added" : "changed"} in the dashboard.`,
              () => {
                toast.done(edited === "new" ? "The schedule is added" : "The schedule is changed");
                setEdited(null);
              },
            )
          }
        />
      )}
      {removed !== null && (
        <ConfirmDialog
          title={`Remove the schedule ${schedules[removed]?.slug ?? ""}?`}
          verb="Remove"
          isDanger
          isPending={change.isPending}
          error={change.error}
          onClose={() => setRemoved(null)}
          onConfirm={() =>
            save(
              exact.filter((_, at) => at !== removed),
              `The schedule ${schedules[removed]?.slug ?? ""} was removed in the dashboard.`,
              () => setRemoved(null),
            )
          }
        >
          Its runs that have not started go with it. An earlier version of the deployment brings it back.
        </ConfirmDialog>
      )}
    </Panel>
  );
}

interface RowProps {
  schedule: DeploymentSchedule;
  isPending: boolean;
  onTurn: (isOn: boolean) => void;
  onEdit: () => void;
  onRemove: () => void;
}

function Row({ schedule, isPending, onTurn, onEdit, onRemove }: RowProps) {
  return (
    <li className="flex min-h-10 items-center gap-2 px-4 py-1 hover:bg-hover">
      <CalendarClock aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <span className="min-w-0 flex-1">
        <span className="block truncate" title={scheduleWords(schedule.spec.schedule)}>
          {scheduleWords(schedule.spec.schedule)}
        </span>
        {schedule.problem && (
          <span className="block text-xs break-words text-danger">{schedule.problem}</span>
        )}
      </span>
      <Button variant="ghost" size="icon-sm" aria-label={`Edit ${schedule.slug}`} onClick={onEdit}>
        <Pencil />
      </Button>
      <Button variant="ghost" size="icon-sm" aria-label={`Remove ${schedule.slug}`} onClick={onRemove}>
        <Trash2 />
      </Button>
      <Switch
        aria-label={`Schedule ${schedule.slug}`}
        checked={schedule.spec.active !== false}
        disabled={isPending}
        onCheckedChange={onTurn}
      />
    </li>
  );
}
