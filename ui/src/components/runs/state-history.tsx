import type { StateRecord } from "@/api/types";
import { Duration } from "@/components/duration";
import { StateIcon } from "@/components/state-icon";
import { Time } from "@/components/time";
import { labelOf, toneOf } from "@/lib/states";

/** How a run came to its state: each state that it was in, since when, for how long and why, the latest first. */
export function StateHistory({ states }: { states: readonly StateRecord[] }) {
  const attempts = attemptsOf(states);
  return (
    <ol aria-label="States" className="px-4 py-3">
      {states
        .map((state, index) => ({ state, index, next: states[index + 1] }))
        .toReversed()
        .map(({ state, index, next }) => (
          <li key={index} className="relative flex gap-3 pb-4 last:pb-0">
            {index > 0 && <span aria-hidden className="absolute top-5 bottom-0 left-[7px] w-px bg-line" />}
            <StateIcon tone={toneOf(state.type, state.name)} className="mt-0.5 size-4" />
            <div className="min-w-0 flex-1">
              <div className="flex flex-wrap items-baseline gap-x-2">
                <span className="font-medium">{labelOf(state.name)}</span>
                {attempts[index] !== undefined && (
                  <span className="text-xs text-ink-muted">attempt {attempts[index]}</span>
                )}
                <Time at={state.timestamp} className="text-xs text-ink-muted" />
                {next !== undefined && (
                  <span className="text-xs text-ink-faint">
                    for <Duration start={state.timestamp} end={next.timestamp} />
                  </span>
                )}
                {state.scheduled_time && (
                  <span className="text-xs text-ink-faint">
                    due <Time at={state.scheduled_time} />
                  </span>
                )}
              </div>
              {state.message && (
                <p className="mt-0.5 line-clamp-[12] text-sm break-words whitespace-pre-wrap text-ink-muted">
                  {state.message}
                </p>
              )}
            </div>
          </li>
        ))}
    </ol>
  );
}

/** The number of the attempt that begins with each state that is Running; only where there are several. */
function attemptsOf(states: readonly StateRecord[]): (number | undefined)[] {
  let attempt = 0;
  const numbers = states.map(({ type }) => (type === "RUNNING" ? (attempt += 1) : undefined));
  return attempt > 1 ? numbers : states.map(() => undefined);
}
