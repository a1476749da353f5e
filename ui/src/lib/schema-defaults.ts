/** Returns the values that the JSON Schema of an object gives by default, as the text of a JSON object. */
export function defaultsOf(schema: Record<string, unknown>): string {
  const properties = (schema.properties ?? {}) as Record<string, { default?: unknown }>;
  const given = Object.entries(properties).filter(([, property]) => property.default !== undefined);
  return JSON.stringify(
    Object.fromEntries(given.map(([name, property]) => [name, property.default])),
    null,
    2,
  );
}
