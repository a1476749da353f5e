import type { WorkPool } from "@/api/types";
import { cn } from "@/lib/cn";

const STATUS = {
  READY: { label: "Ready", tone: "tone-completed" },
  NOT_READY: { label: "No worker", tone: "tone-failed" },
  PAUSED: { label: "Paused", tone: "tone-paused" },
} as const;

/** Whether a work pool's runs are taken up. */
export function PoolStatus({ status, className }: { status: WorkPool["status"]; className?: string }) {
  const { label, tone } = STATUS[status ?? "NOT_READY"];
  return (
    <span className={cn(tone, "flex items-center gap-1.5 text-ink-muted", className)}>
      <span aria-hidden className="tone-fill size-1.5 rounded-full" />
      {label}
    </span>
  );
}
