import { CircleAlert, RotateCw } from "lucide-react";

import { ApiError } from "@/api/errors";

import { CopyButton } from "./copy-button";
import { Button } from "./ui/button";

interface ErrorPanelProps {
  error: unknown;
  /** What could not be shown, such as "The runs". */
  what: string;
  onRetry?: () => void;
}

/** Says what could not be shown and why, with the id by which the server's log names the request. */
export function ErrorPanel({ error, what, onRetry }: ErrorPanelProps) {
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <div
      role="alert"
      className="flex items-start gap-3 rounded-lg border border-danger/30 bg-danger-soft p-3 text-sm"
    >
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{what} can’t be shown.</p>
        <p className="mt-0.5 break-words text-ink-muted">
          {error instanceof Error ? error.message : String(error)}
        </p>
        {requestId !== null && (
          <p className="mt-1 flex items-center gap-1 text-xs text-ink-muted">
            Request <code className="font-mono">{requestId}</code>
            <CopyButton text={requestId} label="Copy the request’s id" />
          </p>
        )}
      </div>
      {onRetry !== undefined && (
        <Button size="sm" onClick={onRetry}>
          <RotateCw /> Try again
        </Button>
      )}
    </div>
  );
}
