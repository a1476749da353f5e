/** Returns the limit that was typed: null for none, undefined for what is no whole number from 0 on. */
export function limitOf(text: string): number | null | undefined {
  const typed = text.trim();
  if (typed === "") return null;
  return /^\d{1,9}$/.test(typed) ? Number(typed) : undefined;
}
