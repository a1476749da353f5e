import { Link } from "@tanstack/react-router";

import { cn } from "@/lib/cn";

const TABS = [
  { to: "/runs", label: "Flow runs" },
  { to: "/task-runs", label: "Task runs" },
] as const;

/** The two lists of runs. */
export function RunTabs({ here, count }: { here: "/runs" | "/task-runs"; count: string | undefined }) {
  return (
    <nav aria-label="Lists of runs" className="mb-3 flex gap-5 border-b border-line">
      {TABS.map(({ to, label }) => (
        <Link
          key={to}
          to={to}
          aria-current={to === here ? "page" : undefined}
          className={cn(
            "-mb-px flex items-center gap-2 border-b-2 pt-1 pb-2 font-medium",
            to === here ? "border-accent text-ink" : "border-transparent text-ink-muted hover:text-ink",
          )}
        >
          {label}
          {to === here && count !== undefined && (
            <span className="tabular rounded-full bg-hover px-1.5 text-xs font-normal text-ink-muted">
              {count}
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}
