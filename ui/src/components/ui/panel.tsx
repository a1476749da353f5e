import type { ReactNode } from "react";

import { cn } from "@/lib/cn";

interface PanelProps {
  title: ReactNode;
  /** Beside the title: a number, a link. */
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A part of a page with a heading of its own. */
export function Panel({ title, aside, children, className }: PanelProps) {
  return (
    <section className={cn("min-w-0 rounded-xl border border-line bg-surface shadow-panel", className)}>
      <header className="flex min-h-11 items-center justify-between gap-3 px-4 pt-1">
        <h2 className="text-sm font-semibold">{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
