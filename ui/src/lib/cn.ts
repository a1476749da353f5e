import { clsx, type ClassValue } from "clsx";

/** Joins class names. Where a caller's class is to win over a component's own, it is written with a `!` at its end. */
export function cn(...values: ClassValue[]): string {
  return clsx(values);
}
