const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
] as const;

/** Says how long something took, in at most two units: `340 ms`, `4.2 s`, `1m 05s`, `2h 10m`, `3d 4h`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "–";
  if (seconds < 0.0005) return "0 ms";
  if (seconds < 0.9995) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const first = UNITS.findIndex(([, size]) => whole >= size);
  const [unit, size] = UNITS[first]!;
  const [nextUnit, nextSize] = UNITS[first + 1]!;
  const rest = Math.floor((whole % size) / nextSize);
  return `${Math.floor(whole / size)}${unit} ${nextUnit === "s" ? String(rest).padStart(2, "0") : rest}${nextUnit}`;
}

/** The seconds between two instants; the second is now where it is not given. */
export function secondsBetween(start: string, end?: string | null, now = Date.now()): number {
  return Math.max(0, ((end ? Date.parse(end) : now) - Date.parse(start)) / 1000);
}
