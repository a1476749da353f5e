import { CircleAlert } from "lucide-react";

import { ApiError } from "@/api/errors";

/** Says why something was not done, where it was asked for; with the id by which the server's log names the request. */
export function ProblemNote({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <div role="alert" className="flex gap-2 rounded-md border border-danger/30 bg-danger-soft p-2.5 text-xs">
      <CircleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0 text-danger" />
      <p className="min-w-0 break-words">
        {error instanceof Error ? error.message : String(error)}
        {requestId !== null && <span className="text-ink-muted"> (request {requestId})</span>}
      </p>
    </div>
  );
}
