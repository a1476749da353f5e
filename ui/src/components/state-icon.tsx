import {
  AlarmClock,
  Ban,
  CalendarClock,
  CircleCheck,
  CircleDashed,
  CirclePause,
  CircleX,
  DatabaseZap,
  LoaderCircle,
  RotateCw,
  Zap,
  type LucideIcon,
} from "lucide-react";

import { cn } from "@/lib/cn";
import type { Tone } from "@/lib/states";

// A shape of its own for each tone: colour alone says nothing to some.
const ICONS: Record<Tone, LucideIcon> = {
  scheduled: CalendarClock,
  late: AlarmClock,
  pending: CircleDashed,
  running: LoaderCircle,
  retrying: RotateCw,
  paused: CirclePause,
  cancelling: Ban,
  completed: CircleCheck,
  cached: DatabaseZap,
  failed: CircleX,
  crashed: Zap,
  cancelled: Ban,
};

/** The shape and colour of a state, beside words that say it. */
export function StateIcon({ tone, className }: { tone: Tone; className?: string }) {
  const Icon = ICONS[tone];
  return (
    <Icon
      aria-hidden
      className={cn(
        `tone-${tone} shrink-0 text-(--tone)`,
        tone === "running" && "animate-spin [animation-duration:2.4s]",
        className ?? "size-4",
      )}
    />
  );
}
