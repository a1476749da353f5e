import type { Json, JsonObject } from "@/lib/exact-json";

/** The id of what is shown as JSON: the form has no field for it. */
export const RAW = "penstock-raw";

const NAMES: Record<string, string> = {
  string: "Text",
  integer: "Whole number",
  number: "Number",
  boolean: "Yes or no",
  array: "List",
  object: "Object",
  null: "None",
};
const SAYS_WHAT = [
  "type",
  "$ref",
  "enum",
  "const",
  "anyOf",
  "oneOf",
  "allOf",
  "properties",
  "items",
  "if",
  "not",
];
const BY_NAME = ["properties", "patternProperties", "$defs", "definitions"];
const LISTED = ["anyOf", "oneOf", "allOf"];

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Whether a schema allows values that a form has no field for: of any type, or objects and lists of anything. */
function isRaw(schema: JsonObject): boolean {
  if (!SAYS_WHAT.some((key) => key in schema)) return true;
  if (Array.isArray(schema.type)) return true;
  if (schema.type === "object") {
    const hasParts = ["properties", "anyOf", "oneOf", "allOf"].some((key) => key in schema);
    const { additionalProperties: more } = schema;
    return !hasParts && !(isObject(more) && !isRaw(more));
  }
  if (schema.type === "array")
    return !isObject(schema.items) || isRaw(schema.items) || "prefixItems" in schema;
  return false;
}

function nameOf(schema: JsonObject): string {
  if (typeof schema.title === "string") return schema.title;
  if (typeof schema.$ref === "string") return schema.$ref.split("/").at(-1) ?? schema.$ref;
  if (typeof schema.format === "string") return `${NAMES[String(schema.type)] ?? "Value"} (${schema.format})`;
  if (schema.type === "array" && isObject(schema.items))
    return `List of ${nameOf(schema.items).toLowerCase()}`;
  return NAMES[String(schema.type)] ?? "Any value";
}

/**
 * Returns a schema as the form shows it: what it has no field for becomes a field of JSON, and each choice has a name. It
 * says the same of which values are right; only this is validated against the schema as it is.
 */
export function shownSchema(schema: JsonObject): JsonObject {
  return { ...shown(schema), ...(schema.$schema === undefined ? {} : { $schema: schema.$schema }) };
}

function shown(schema: Json): JsonObject {
  if (!isObject(schema)) return schema === false ? { not: {} } : { $id: RAW };
  if (isRaw(schema)) return { ...schema, $id: RAW };
  const changed: JsonObject = { ...schema };
  for (const key of BY_NAME) {
    const parts = schema[key];
    if (isObject(parts))
      changed[key] = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, shown(part)]));
  }
  for (const key of LISTED) {
    const parts = schema[key];
    if (Array.isArray(parts))
      changed[key] = parts.map((part) => ({
        ...shown(part),
        ...(isObject(part) && key !== "allOf" ? { title: nameOf(part) } : {}),
      }));
  }
  if (isObject(schema.items)) changed.items = shown(schema.items);
  if (isObject(schema.additionalProperties))
    changed.additionalProperties = shown(schema.additionalProperties);
  return changed;
}
