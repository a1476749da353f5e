import type { FlowRun } from "@/api/types";
import { CopyButton } from "@/components/copy-button";
import { JsonView } from "@/components/json-view";
import { Panel } from "@/components/ui/panel";

/** What a run was given, and where what it returned is kept. */
export function DetailsTab({ run }: { run: FlowRun }) {
  const variables = run.job_variables ?? {};
  const hasParameters = Object.keys(run.parameters ?? {}).length > 0;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Panel title="Parameters">
        {hasParameters ? (
          <div className="pb-4 pl-3">
            <JsonView label="Parameters" value={run.parameters} />
          </div>
        ) : (
          <p className="px-4 pb-4 text-ink-muted">It takes none, or was given none.</p>
        )}
      </Panel>
      <Panel title="Result">
        <dl className="grid grid-cols-[8rem_1fr] gap-y-2 px-4 pb-4">
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
          <dt className="text-ink-muted">Retries</dt>
          <dd className="tabular">{run.retries ?? 0}</dd>
          <dt className="text-ink-muted">Recoveries left</dt>
          <dd className="tabular">{run.recoveries ?? 0}</dd>
          <dt className="text-ink-muted">Flow version</dt>
          <dd className="break-all">{run.flow_version ?? <span className="text-ink-faint">–</span>}</dd>
        </dl>
      </Panel>
      {Object.keys(variables).length > 0 && (
        <Panel title="Job variables">
          <div className="pb-4 pl-3">
            <JsonView label="Job variables" value={variables} />
          </div>
        </Panel>
      )}
    </div>
  );
}
