import type { ReactNode } from "react";

/** Things and what is so of them, line by line. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="px-4 pt-1 pb-3">{children}</dl>;
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-h-9 items-center justify-between gap-4">
      <dt className="shrink-0 text-ink-muted">{label}</dt>
      <dd className="flex min-w-0 items-center gap-1 text-right">{children}</dd>
    </div>
  );
}
