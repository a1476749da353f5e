import { readExact, writeExact, type JsonObject } from "@/lib/exact-json";

import { errorOf } from "./errors";

/** An answer as JavaScript has it, and as it was written: what is changed and sent back is taken from there. */
export interface Exact<Value> {
  value: Value;
  exact: JsonObject;
}

/** Returns both readings of an answer that was asked for with `parseAs: "text"`. */
export async function exactAnswerOf<Value>(
  asked: Promise<{ data?: unknown; response: Response }>,
): Promise<Exact<Value>> {
  const { data, response } = await asked;
  if (typeof data !== "string") throw await errorOf(response);
  return { value: JSON.parse(data) as Value, exact: readExact(data) as JsonObject };
}

/** Has a request's body written so that what came from `readExact` is sent as it was. */
export const EXACTLY = { bodySerializer: (body: unknown) => writeExact(body) };
