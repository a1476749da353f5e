import type { Verdict } from "@/api/types";

/** Returns the verdict if the server accepted what it was asked; else throws the reason that it gave. */
export function accepted(verdict: Verdict): Verdict {
  if (verdict.decision === "ACCEPT") return verdict;
  throw new Error(verdict.reason ?? `The run stays ${verdict.state.name}.`);
}
