/** Writes a value as JSON whose names stand in order: so that only what is different looks different. */
export function sortedJson(value: unknown): string {
  return `${JSON.stringify(value, (_, part: unknown) => (isPlain(part) ? sorted(part) : part), 2)}\n`;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function sorted(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
