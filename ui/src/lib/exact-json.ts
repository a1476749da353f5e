/** What JSON text holds, with the numbers that JavaScript would change kept as marked text (see `readExact`). */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** An object of JSON. */
export type JsonObject = { [name: string]: Json };

// A character for private use: no keyboard makes it. Texts that begin with it get another one, so that nothing is mistaken.
const MARK = "\uE000";
// A name that libraries drop when they copy objects: it is marked as well.
const DROPPED = `"__proto__"`;
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const MARKED_TOKEN = /^"\uE000(-?\d[^"]*)"$/;

/** Whether a text is a number, as JSON writes numbers. */
export function isNumberText(text: string): boolean {
  return NUMBER.test(text);
}

/** Returns a number as it is written: a number where JavaScript writes it the same way, marked text otherwise. */
export function exactNumber(text: string): number | string {
  return String(Number(text)) === text ? Number(text) : MARK + text;
}

/** Returns how a value that stands for a number is written; other values are returned as they are. */
export function shownNumber(value: unknown): unknown {
  return typeof value === "string" && value.startsWith(MARK) && isNumberText(value.slice(1))
    ? value.slice(1)
    : value;
}

/**
 * Reads JSON without loss: integers beyond 2^53, `1.0` and `1e400` come back as they were written when `writeExact` writes
 * them again. Until then they are texts that begin with a mark.
 *
 * @throws SyntaxError if it is no JSON.
 */
export function readExact(text: string): Json {
  JSON.parse(text);
  const marked = text.replace(TOKENS, (token) => {
    if (token === DROPPED) return `"${MARK}__proto__"`;
    if (!token.startsWith('"')) return String(Number(token)) === token ? token : `"${MARK}${token}"`;
    return /^"(?:\uE000|\\u[eE]000)/.test(token) ? `"${MARK}${token.slice(1)}` : token;
  });
  return JSON.parse(marked) as Json;
}

/** Writes what `readExact` read, and what was changed in it, as JSON. */
export function writeExact(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(TOKENS, (token) => {
    if (token === `"${MARK}__proto__"`) return DROPPED;
    const number = MARKED_TOKEN.exec(token)?.[1];
    if (number !== undefined && isNumberText(number)) return number;
    return token.startsWith(`"${MARK}${MARK}`) ? `"${token.slice(2)}` : token;
  });
}

/** Returns what `readExact` read as JavaScript has it: with numbers, as near as they can be. */
export function plainOf(value: Json | undefined): unknown {
  if (typeof value === "string") {
    const shown = shownNumber(value);
    if (shown !== value) return Number(shown);
    return withoutMark(value);
  }
  if (Array.isArray(value)) return value.map(plainOf);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [withoutMark(name), plainOf(one)]));
}

function withoutMark(text: string): string {
  return text.startsWith(MARK + MARK) || text === `${MARK}__proto__` ? text.slice(1) : text;
}

/** Returns the object that a text of JSON holds; null where it is no JSON, or holds something else. */
export function readObject(text: string): JsonObject | null {
  try {
    const value = readExact(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
