import type { StateRecord } from "@/api/types";
import { Duration } from "@/components/duration";
import { cn } from "@/lib/cn";
import { useNow } from "@/lib/now";
import { isTerminal, labelOf, toneOf } from "@/lib/states";

const MOST = 200;

/** The states of a task run one after the other, each as long as it took: where the time went. */
export function AttemptBars({ states }: { states: readonly StateRecord[] }) {
  const now = useNow();
  const first = states[0];
  const last = states.at(-1);
  if (first === undefined || last === undefined || states.length < 2) return null;
  const start = Date.parse(first.timestamp);
  const end = isTerminal(last.type) ? Date.parse(last.timestamp) : Math.max(now, Date.parse(last.timestamp));
  const whole = Math.max(end - start, 1);
  const parts = states.slice(-MOST).map((state, index, all) => {
    const next = all[index + 1];
    return {
      state,
      from: Date.parse(state.timestamp),
      to: next === undefined ? end : Date.parse(next.timestamp),
      next,
    };
  });
  const shown = parts.filter(({ state }) => !isTerminal(state.type));
  return (
    <section
      aria-label="States over time"
      className="mb-4 rounded-xl border border-line bg-surface p-4 shadow-panel"
    >
      <div className="relative h-5 overflow-hidden rounded bg-sunken" aria-hidden>
        {shown.map(({ state, from, to }, index) => (
          <div
            key={index}
            className={cn(`tone-${toneOf(state.type, state.name)} tone-fill absolute inset-y-0`)}
            style={{
              left: `${((from - start) / whole) * 100}%`,
              width: `max(2px, ${((to - from) / whole) * 100}%)`,
            }}
            title={labelOf(state.name)}
          />
        ))}
      </div>
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-muted">
        {shown.map(({ state, next }, index) => (
          <li key={index} className="flex items-center gap-1.5">
            <span
              aria-hidden
              className={`tone-${toneOf(state.type, state.name)} tone-fill size-2 rounded-xs`}
            />
            {labelOf(state.name)} <Duration start={state.timestamp} end={next?.timestamp ?? null} />
          </li>
        ))}
      </ul>
    </section>
  );
}
