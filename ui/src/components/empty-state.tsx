import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

import { Snippet } from "./snippet";

interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  /** What to do next, to copy. */
  snippet?: { label: string; code: string };
  action?: ReactNode;
}

/** The place of a list that has nothing in it: says what would be here, and how it gets here. */
export function EmptyState({ icon: Icon, title, children, snippet, action }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-lg flex-col items-center px-4 py-14 text-center">
      <span className="mb-4 flex size-11 items-center justify-center rounded-full bg-accent-soft text-accent">
        <Icon aria-hidden className="size-5" />
      </span>
      <h2 className="text-base font-semibold">{title}</h2>
      {children !== undefined && <div className="mt-1.5 text-sm text-balance text-ink-muted">{children}</div>}
      {action !== undefined && <div className="mt-4">{action}</div>}
      {snippet !== undefined && (
        <div className="mt-5 w-full">
          <Snippet {...snippet} />
        </div>
      )}
    </div>
  );
}
