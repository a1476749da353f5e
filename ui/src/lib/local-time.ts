/** Returns what a clock in a zone shows at an instant, as fields for date and time have it: `2026-06-15T14:00`. */
export function localOf(instant: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(instant);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "00";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/**
 * Returns the instant at which a clock in a zone shows a time; the first one where it shows it twice, and the time as far
 * after the gap as it is in it where it never does. Null for what is no time.
 */
export function instantOf(local: string, zone: string): string | null {
  const wanted = Date.parse(`${local}Z`);
  if (Number.isNaN(wanted)) return null;
  const offset = (at: number) =>
    Date.parse(`${localOf(new Date(at), zone)}Z`) - Math.floor(at / 60_000) * 60_000;
  // The offset a day before and after: one of them is the one that holds.
  const found = [offset(wanted - 86_400_000), offset(wanted + 86_400_000)]
    .map((one) => wanted - one)
    .filter((at) => localOf(new Date(at), zone) === localOf(new Date(wanted), "UTC"));
  return new Date(found.length > 0 ? Math.min(...found) : wanted - offset(wanted - 86_400_000)).toISOString();
}
