import * as v from "valibot";

export type RawSearch = Record<string, string | string[]>;

/** Reads a query string: a name that is repeated is a list. */
export function parseSearch(text: string): RawSearch {
  const found: RawSearch = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = Object.hasOwn(found, name) ? found[name] : undefined;
    if (before === undefined) found[name] = value;
    else found[name] = [...(Array.isArray(before) ? before : [before]), value];
  }
  return found;
}

/** Writes a query string; what is empty is left out, a list repeats its name. */
export function stringifySearch(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === "" || value === false) continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

const MOST_VALUES = 50;
const MOST_CHARACTERS = 500;

const text = v.pipe(v.string(), v.maxLength(MOST_CHARACTERS));

/** A list in the query string: none, one or several values. What makes no sense counts as not given. */
export const listParam = v.optional(
  v.fallback(
    v.union([
      v.pipe(
        text,
        v.transform((one) => [one]),
      ),
      v.pipe(v.array(text), v.maxLength(MOST_VALUES)),
    ]),
    [],
  ),
);

/** One text in the query string. */
export const textParam = v.optional(v.fallback(v.optional(text), undefined));

/** One of some values in the query string. */
export function choiceParam<const Values extends readonly string[]>(values: Values) {
  return v.optional(v.fallback(v.optional(v.picklist(values)), undefined));
}

/** A number from 0 to a million in the query string. Within the page it is a number. */
export const numberParam = v.optional(
  v.fallback(
    v.optional(v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,6}$/), v.transform(Number))])),
    undefined,
  ),
);

/** Whether something is on: `true` in the query string; all else counts as not given. */
export const flagParam = v.optional(
  v.fallback(
    v.optional(
      v.union([
        v.boolean(),
        v.pipe(
          v.literal("true"),
          v.transform(() => true),
        ),
      ]),
    ),
    undefined,
  ),
);
