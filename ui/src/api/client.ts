import createClient from "openapi-fetch";

import { basePath } from "@/lib/base";

import { ApiError, errorOf } from "./errors";
import type { paths } from "./schema";

/** The API, typed by the server's own document. Answers that are no success are thrown as `ApiError`. */
export const api = createClient<paths>({
  baseUrl: typeof location === "undefined" ? basePath : `${location.origin}${basePath}`,
  // Looked up at each call, so that a test can put its own in its place.
  fetch: (request) => globalThis.fetch(request),
});

let onSignedOut: () => void = () => undefined;

/** Says what happens when the server wants to know who asks. */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act;
}

api.use({
  async onResponse({ response }) {
    if (response.ok) return;
    if (response.status === 401) onSignedOut();
    throw await errorOf(response);
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === "AbortError") return error;
    return new ApiError("No answer", "The server does not answer. It is asked again as soon as it does.", 0);
  },
});

/** Returns what an answer holds. */
export async function answerOf<Data>(asked: Promise<{ data?: Data; response: Response }>): Promise<Data> {
  const { data, response } = await asked;
  if (data === undefined) throw await errorOf(response);
  return data;
}
