import { CodeBlock } from "@/components/code-block";
import { ErrorPanel } from "@/components/error-panel";
import { CopyButton } from "@/components/copy-button";
import { Duration } from "@/components/duration";
import { Page } from "@/components/page";
import { StateBadge } from "@/components/state-badge";
import { TagList } from "@/components/tag-list";
import { Time } from "@/components/time";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { useFlowRun } from "@/queries/use-flow-run";

/** A flow run: its state and how it came to it, its times, what it was given, and what it failed with. */
export function RunPage({ id }: { id: string }) {
  const run = useFlowRun(id);
  if (run.isPending) {
    return (
      <Page title="Run">
        <Skeleton className="h-64 w-full rounded-xl" />
      </Page>
    );
  }
  if (run.isError) {
    return (
      <Page title="Run">
        <ErrorPanel what="The run" error={run.error} onRetry={() => void run.refetch()} />
      </Page>
    );
  }
  const { data } = run;
  return (
    <Page
      title={`${data.flow_name} / ${data.name}`}
      actions={
        <span className="flex items-center gap-2">
          <StateBadge state={data.state} />
          <CopyButton text={data.id} label="Copy the id" />
        </span>
      }
    >
      <div className="grid gap-4 lg:grid-cols-2">
        <Panel title="Times">
          <dl className="grid grid-cols-[8rem_1fr] gap-y-2 px-4 pb-4">
            <dt className="text-ink-muted">Started</dt>
            <dd>
              <Time at={data.start_time} />
            </dd>
            <dt className="text-ink-muted">Ended</dt>
            <dd>
              <Time at={data.end_time} />
            </dd>
            <dt className="text-ink-muted">Took</dt>
            <dd>
              <Duration start={data.start_time} end={data.end_time} />
            </dd>
            <dt className="text-ink-muted">Tags</dt>
            <dd>
              <TagList tags={data.tags} most={20} />
            </dd>
          </dl>
        </Panel>
        <Panel title="States">
          <ol className="space-y-2 px-4 pb-4">
            {(data.states ?? []).map((state) => (
              <li key={state.timestamp + state.name} className="flex flex-wrap items-center gap-3">
                <StateBadge state={state} />
                <Time at={state.timestamp} className="text-ink-muted" />
                {state.message && <span className="w-full break-words text-ink-muted">{state.message}</span>}
              </li>
            ))}
          </ol>
        </Panel>
        <Panel title="Parameters">
          <CodeBlock
            label="Parameters"
            text={JSON.stringify(data.parameters, null, 2)}
            className="max-h-96 px-4 pb-4"
          />
        </Panel>
        {data.error && (
          <Panel title="Error">
            <CodeBlock
              label="Error"
              text={data.error.traceback || data.error.message}
              className="max-h-96 px-4 pb-4 text-danger"
            />
          </Panel>
        )}
      </div>
    </Page>
  );
}
