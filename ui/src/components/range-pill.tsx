import { X } from "lucide-react";

import { Time } from "./time";

interface RangePillProps {
  /** Instants, as the address has them; what is none is not shown. */
  from: string | undefined;
  to: string | undefined;
  onClear: () => void;
}

function isInstant(text: string | undefined): text is string {
  return text !== undefined && !Number.isNaN(Date.parse(text));
}

/** A stretch of time of its own, such as that of a bar that led here. */
export function RangePill({ from, to, onClear }: RangePillProps) {
  if (!isInstant(from) && !isInstant(to)) return null;
  return (
    <span className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line bg-surface pr-1 pl-2.5 text-sm shadow-panel">
      {isInstant(from) && (
        <>
          <span className="text-ink-muted">from</span> <Time at={from} style="absolute" />
        </>
      )}
      {isInstant(to) && (
        <>
          <span className="text-ink-muted">to</span> <Time at={to} style="absolute" />
        </>
      )}
      <button
        type="button"
        aria-label="Any time"
        className="rounded p-1 text-ink-faint hover:bg-hover hover:text-ink"
        onClick={onClear}
      >
        <X className="size-3.5" />
      </button>
    </span>
  );
}
