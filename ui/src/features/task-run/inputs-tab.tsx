import { Link } from "@tanstack/react-router";

import type { TaskRun } from "@/api/types";
import { CopyButton } from "@/components/copy-button";
import { StateBadge } from "@/components/state-badge";
import { Panel } from "@/components/ui/panel";
import { numberOf } from "@/lib/plural";
import { useRunsByIds } from "@/queries/use-runs-by-ids";

const SHOWN = 50;
const NAMES: Record<string, string> = { wait_for: "Waited for", __parents__: "Called by" };

/** What a task run's arguments came from, and where what it returned is kept. */
export function InputsTab({ run }: { run: TaskRun }) {
  const inputs = Object.entries(run.upstreams ?? {});
  const runs = useRunsByIds(inputs.flatMap(([, ids]) => ids.slice(0, SHOWN))).data;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Panel title="Upstream">
        {inputs.length === 0 && (
          <p className="px-4 pb-4 text-ink-muted">Its arguments came from no other run.</p>
        )}
        {inputs.map(([name, ids]) => (
          <section key={name} className="px-4 pb-3">
            <h3 className="text-xs text-ink-faint">{NAMES[name] ?? `Argument ${name}`}</h3>
            <ul>
              {ids.slice(0, SHOWN).map((id) => {
                const known = runs?.[id];
                const style = "min-w-0 truncate rounded text-accent hover:underline";
                return (
                  <li key={id} className="flex items-center gap-2 py-1">
                    {known?.kind === "flow" ? (
                      <Link to="/runs/$runId" params={{ runId: id }} preload={false} className={style}>
                        {known.name}
                      </Link>
                    ) : (
                      <Link
                        to="/task-runs/$taskRunId"
                        params={{ taskRunId: id }}
                        preload={false}
                        className={style}
                      >
                        {known?.name ?? id.slice(-12)}
                      </Link>
                    )}
                    {known !== undefined && <StateBadge state={known.state} />}
                  </li>
                );
              })}
            </ul>
            {ids.length > SHOWN && (
              <p className="text-xs text-ink-faint">and {numberOf(ids.length - SHOWN)} more</p>
            )}
          </section>
        ))}
      </Panel>
      <Panel title="Result">
        <dl className="grid grid-cols-[6rem_1fr] gap-y-2 px-4 pb-4">
          <dt className="text-ink-muted">Kept at</dt>
          <dd className="flex min-w-0 items-center gap-1">
            {run.result ? (
              <>
                <code className="min-w-0 font-mono text-xs break-all">{run.result}</code>
                <CopyButton text={run.result} label="Copy where the result is kept" />
              </>
            ) : (
              <span className="text-ink-faint">Nothing is kept: persist_result keeps it</span>
            )}
          </dd>
          <dt className="text-ink-muted">Cache key</dt>
          <dd className="min-w-0">
            {run.cache_key ? (
              <code className="font-mono text-xs break-all">{run.cache_key}</code>
            ) : (
              <span className="text-ink-faint">None</span>
            )}
          </dd>
          <dt className="text-ink-muted">From cache</dt>
          <dd>{run.states.some(({ name }) => name === "Cached") ? "Yes: it did not run again" : "No"}</dd>
          <dt className="text-ink-muted">Task key</dt>
          <dd className="min-w-0">
            <code className="font-mono text-xs break-all">{run.task_key}</code>
          </dd>
        </dl>
      </Panel>
    </div>
  );
}
