import { formatDuration } from "./duration";

interface Worded {
  type: "cron" | "interval" | "rrule";
  cron?: string;
  interval?: number;
  rrule?: string;
  timezone?: string;
}

/** Says when a schedule is due: `0 9 * * 1 in Europe/Berlin`, `every 1 h`. */
export function scheduleWords(schedule: Worded): string {
  const zone = schedule.timezone ?? "UTC";
  if (schedule.type === "interval") {
    const every = `every ${formatDuration(schedule.interval ?? 0).replace(/(?:\.0| 0+[hms])(?= s$|$)/, "")}`;
    return zone === "UTC" ? every : `${every} (${zone})`;
  }
  return `${schedule.type === "cron" ? schedule.cron : schedule.rrule?.replace(/\s+/g, " ")} in ${zone}`;
}
