import type { Event } from "@/api/types";
import { cn } from "@/lib/cn";
import { STATE_TYPES, toneOf, type StateType } from "@/lib/states";

const OF_A_RUN = /^penstock\.(flow|task)-run\./;

/** The type of the state that an event of a run tells of, as its resource's labels say. */
function stateTypeOf({ event, resource }: Event): StateType | undefined {
  if (!OF_A_RUN.test(event)) return undefined;
  return STATE_TYPES.find((known) => known === resource["penstock.state-type"]);
}

/** An event's name: where it begins stands back, and the state that it tells of has its colour. */
export function EventName({ event, className }: { event: Event; className?: string }) {
  const at = event.event.lastIndexOf(".") + 1;
  const last = event.event.slice(at);
  const type = stateTypeOf(event);
  return (
    <span className={cn("flex min-w-0 items-center gap-2", className)}>
      <span
        aria-hidden
        className={cn(
          "size-1.5 shrink-0 rounded-full",
          type === undefined ? "bg-line-strong" : `tone-${toneOf(type, last)} tone-fill`,
        )}
      />
      <span className="truncate font-mono text-xs">
        <span className="text-ink-faint">{event.event.slice(0, at)}</span>
        <span className="font-medium">{last}</span>
      </span>
    </span>
  );
}
