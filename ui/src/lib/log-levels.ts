import type { Tone } from "./states";

/** The levels that lines are chosen by: each with all above it. */
export const LOG_LEVELS = [
  { value: 10, label: "Debug", letter: "D" },
  { value: 20, label: "Info", letter: "I" },
  { value: 30, label: "Warning", letter: "W" },
  { value: 40, label: "Error", letter: "E" },
  { value: 50, label: "Critical", letter: "C" },
] as const;

/** The level that a number stands for: numbers between two are of the lower one. */
export function levelOf(number: number) {
  return LOG_LEVELS.findLast(({ value }) => number >= value) ?? LOG_LEVELS[0];
}

/** What a level is drawn as; none for what is not remarkable. */
export function toneOfLevel(number: number): Tone | undefined {
  if (number >= 40) return "failed";
  return number >= 30 ? "late" : undefined;
}
