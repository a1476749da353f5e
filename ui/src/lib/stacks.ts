import { STATE_TYPES, type StateType } from "./states";

/** From the bottom to the top of a bar: what went well carries what did not, so that faults stand out at the edge. */
export const STACK_ORDER: readonly StateType[] = [
  "COMPLETED",
  "RUNNING",
  "SCHEDULED",
  "PENDING",
  "PAUSED",
  "CANCELLING",
  "CANCELLED",
  "CRASHED",
  "FAILED",
];

export type Counts = Partial<Record<string, number>>;

/** How many there are of all types together. */
export function totalOf(counts: Counts): number {
  return STATE_TYPES.reduce((sum, type) => sum + (counts[type] ?? 0), 0);
}

/** Adds the counts of several bars. */
export function summed(bars: readonly Counts[]): Record<StateType, number> {
  const sums = Object.fromEntries(STATE_TYPES.map((type) => [type, 0])) as Record<StateType, number>;
  for (const bar of bars) for (const type of STATE_TYPES) sums[type] += bar[type] ?? 0;
  return sums;
}

/** Returns the least round number that holds `most`: 1, 2 or 5 times a power of ten; where the scale of a chart ends. */
export function roundScale(most: number): number {
  if (most <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((factor) => factor * power).find((end) => end >= most) ?? most;
}
