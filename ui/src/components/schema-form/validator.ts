import { Validator, type Schema } from "@cfworker/json-schema";
import { ErrorSchemaBuilder, toErrorList, type RJSFSchema, type ValidatorType } from "@rjsf/utils";

import { plainOf, type Json } from "@/lib/exact-json";

import { RAW } from "./shown-schema";

// Errors of these only say that a part is wrong; the part's own error says how.
const OUTER = new Set([
  "properties",
  "items",
  "prefixItems",
  "allOf",
  "$ref",
  "additionalProperties",
  "patternProperties",
]);

/** Something that a schema does not allow: where, and why. */
export interface SchemaProblem {
  path: string[];
  message: string;
}

/**
 * Returns what of a value a schema does not allow. A schema that can't be understood finds nothing: the server decides.
 *
 * @param value as `readExact` reads it, or a part of it.
 */
export function schemaProblems(schema: RJSFSchema, value: unknown): SchemaProblem[] {
  let errors;
  try {
    errors = new Validator(withoutIds(schema) as Schema, "2020-12", false).validate(
      plainOf(value as Json),
    ).errors;
  } catch {
    return [];
  }
  const choices = errors.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf");
  return errors
    .filter(
      ({ keyword, keywordLocation }) =>
        !OUTER.has(keyword) &&
        // Why each of several choices does not fit says less than that none does.
        !choices.some(
          (choice) =>
            keywordLocation !== choice.keywordLocation &&
            keywordLocation.startsWith(`${choice.keywordLocation}/`),
        ),
    )
    .map(({ keyword, instanceLocation, error }) => {
      const path = instanceLocation.split("/").slice(1).map(unescaped);
      const missing = keyword === "required" ? /"(.*)"/.exec(error)?.[1] : undefined;
      return missing === undefined
        ? { path, message: worded(keyword, error) }
        : { path: [...path, missing], message: "A value is needed." };
    });
}

function unescaped(part: string): string {
  return decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
}

function worded(keyword: string, error: string): string {
  if (keyword === "anyOf" || keyword === "oneOf") return "This fits none of the choices.";
  if (keyword === "type")
    return error.replace(
      /^Instance type "(.*)" is invalid\. Expected "(.*)"\.$/,
      "This is of type $1, not $2.",
    );
  return error;
}

/** Returns a schema without the ids by which the form finds its fields: a validator would take them for addresses. */
function withoutIds(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutIds);
  if (schema === null || typeof schema !== "object") return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name, value]) => !(name === "$id" && value === RAW))
      .map(([name, value]) => [name, withoutIds(value)]),
  );
}

/** What the form asks: a validator that compiles no code, which the server's policy forbids. */
export const VALIDATOR: ValidatorType = {
  validateFormData(value, schema) {
    const builder = new ErrorSchemaBuilder();
    for (const { path, message } of schemaProblems(schema, value)) builder.addErrors(message, path);
    return { errors: toErrorList(builder.ErrorSchema), errorSchema: builder.ErrorSchema };
  },
  isValid(schema, value, root) {
    const defs = { $defs: root?.$defs, definitions: root?.definitions };
    return schemaProblems({ ...defs, ...schema }, value).length === 0;
  },
  rawValidation: (schema, value) => ({ errors: schemaProblems(schema, value) as never[] }),
};
