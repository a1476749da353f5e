import type { ReactNode } from "react";

/** What is known of a run, by name: what is not known is left out. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-2 text-sm">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== false)
        .map(([name, value]) => (
          <div key={name} className="min-w-0">
            <dt className="text-xs text-ink-faint">{name}</dt>
            <dd className="flex min-h-5 max-w-72 min-w-0 items-center truncate">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
