import { cn } from "@/lib/cn";
import { labelOf, toneOf, type StateType } from "@/lib/states";

import { StateIcon } from "./state-icon";

interface StateBadgeProps {
  state: { type: StateType; name: string };
  className?: string;
}

/** A run's state, by colour, shape and name. */
export function StateBadge({ state, className }: StateBadgeProps) {
  const tone = toneOf(state.type, state.name);
  return (
    <span
      className={cn(
        `tone-${tone} tone-wash tone-ink inline-flex h-5.5 max-w-full items-center gap-1 rounded-full pr-2 pl-1.5 text-xs font-medium`,
        className,
      )}
    >
      <StateIcon tone={tone} className="size-3.5" />
      <span className="truncate">{labelOf(state.name)}</span>
    </span>
  );
}
