import { basePath } from "@/lib/base";

import { ApiError, errorOf } from "./errors";

async function post(path: string, body: unknown): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(`${basePath}/api${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new ApiError("No answer", "The server does not answer.", 0);
  }
  if (!answer.ok) throw await errorOf(answer);
}

/** Begins a session: the browser keeps its cookie, which no script can read. */
export function signIn(key: string): Promise<void> {
  return post("/login", { key });
}

/** Ends the session, on the server too. */
export function signOut(): Promise<void> {
  return post("/logout", {});
}
