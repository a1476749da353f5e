export type TimeStyle = "relative" | "absolute";

const STEPS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** Says an instant relative to now: `just now`, `3 min ago`, `in 2 hr`. Instants over 30 days away are said as a date. */
export function formatRelative(instant: Date, now: Date, zone: string): string {
  const seconds = (instant.getTime() - now.getTime()) / 1000;
  const distance = Math.abs(seconds);
  if (distance < 5) return "just now";
  if (distance >= 30 * 86_400) return formatDate(instant, now, zone);
  const words = new Intl.RelativeTimeFormat("en", { style: "short", numeric: "always" });
  const [unit, size] = STEPS.find(([, length]) => distance >= length) ?? (["second", 1] as const);
  return words.format(Math.trunc(seconds / size), unit);
}

/** Says an instant in a zone, as short as its distance allows: the year only where it is another one than now. */
export function formatAbsolute(instant: Date, now: Date, zone: string): string {
  const time = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).format(instant);
  return `${formatDate(instant, now, zone)} ${time}`;
}

/** Says an instant in full, with its zone: for tooltips. */
export function formatFull(instant: Date, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    timeZoneName: "short",
  }).format(instant);
}

function formatDate(instant: Date, now: Date, zone: string): string {
  const year = new Intl.DateTimeFormat("en", { timeZone: zone, year: "numeric" });
  const isThisYear = year.format(instant) === year.format(now);
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    month: "short",
    day: "numeric",
    ...(isThisYear ? {} : { year: "numeric" }),
  }).format(instant);
}

/** The zone of the viewer's machine. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** Whether a name is a zone that this browser knows. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
