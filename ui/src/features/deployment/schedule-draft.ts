import type { Schedule } from "@/api/types";
import { plainOf, type JsonObject } from "@/lib/exact-json";
import { isZone } from "@/lib/time";

/** A schedule as it is typed: what is not its kind is kept meanwhile. */
export interface Draft {
  kind: Schedule["type"];
  cron: string;
  every: string;
  unitSeconds: number;
  rrule: string;
  timezone: string;
  slug: string;
  missed: string;
  overlap: string;
}

const UNITS = [86_400, 3_600, 60, 1];

/** Returns what is typed at first: a schedule as it is, or a proposal for a new one. */
export function drafted(spec: JsonObject | null, zone: string): Draft {
  const schedule = plainOf((spec?.schedule ?? null) as JsonObject | null) as Schedule | null;
  const seconds = schedule?.type === "interval" ? schedule.interval : 3_600;
  const unitSeconds = UNITS.find((unit) => seconds % unit === 0) ?? 1;
  return {
    kind: schedule?.type ?? "cron",
    cron: schedule?.type === "cron" ? schedule.cron : "0 9 * * 1-5",
    every: String(seconds / unitSeconds),
    unitSeconds,
    rrule:
      schedule?.type === "rrule" ? schedule.rrule : "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
    timezone: schedule === null ? zone : (schedule.timezone ?? "UTC"),
    slug: "",
    missed: typeof spec?.missed === "string" ? spec.missed : "LATEST",
    overlap: typeof spec?.overlap === "string" ? spec.overlap : "ALLOW",
  };
}

/** Returns the schedule that is typed, or null while it can't be one. Whether it parses, the server says. */
export function scheduleOf(draft: Draft): Schedule | null {
  const timezone = draft.timezone.trim();
  if (!isZone(timezone)) return null;
  if (draft.kind === "cron") {
    return draft.cron.trim() === "" ? null : { type: "cron", cron: draft.cron.trim(), timezone };
  }
  if (draft.kind === "interval") {
    const interval = Number(draft.every) * draft.unitSeconds;
    return draft.every.trim() !== "" && interval > 0 && Number.isFinite(interval)
      ? { type: "interval", interval, timezone }
      : null;
  }
  return draft.rrule.trim() === "" ? null : { type: "rrule", rrule: draft.rrule.trim(), timezone };
}
