import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import { CopyButton } from "@/components/copy-button";
import { ErrorPanel } from "@/components/error-panel";
import { Page } from "@/components/page";
import { RunsOverTime } from "@/components/runs/runs-over-time";
import { RunsPanel } from "@/components/runs/runs-panel";
import { Snippet } from "@/components/snippet";
import { TagList } from "@/components/tag-list";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { scheduleWords } from "@/lib/schedule-words";
import { useDeployments } from "@/queries/use-deployments";
import { useFlow } from "@/queries/use-flow";

/** A flow: its runs over time, its deployments, and its last runs. */
export function FlowPage({ id }: { id: string }) {
  const flow = useFlow(id);
  const filter = useMemo(() => ({ flow_ids: [id] }), [id]);
  if (!flow.isSuccess) {
    return (
      <Page title="Flow">
        {flow.isPending && <Skeleton className="h-64 w-full rounded-xl" />}
        {flow.isError && (
          <ErrorPanel what="The flow" error={flow.error} onRetry={() => void flow.refetch()} />
        )}
      </Page>
    );
  }
  const search = { flow: [flow.data.name] };
  return (
    <Page
      title={flow.data.name}
      actions={
        <span className="flex items-center gap-2">
          <TagList tags={flow.data.tags} most={6} />
          <CopyButton text={id} label="Copy the id" />
        </span>
      }
    >
      <div className="grid gap-4 lg:grid-cols-2">
        <RunsOverTime filter={filter} search={search} className="lg:col-span-2" />
        <Deployments flowId={id} />
        <div className="flex min-w-0 flex-col gap-4">
          <RunsPanel
            title="Last runs"
            filter={filter}
            sort="ID_DESC"
            search={search}
            empty="This flow has not run yet."
            shows="elapsed"
          />
          <RunsPanel
            title="Failed"
            filter={{ ...filter, state_types: ["FAILED", "CRASHED"] }}
            sort="ID_DESC"
            search={{ ...search, state: ["FAILED", "CRASHED"] }}
            empty="None of its runs failed."
            shows="ended"
          />
        </div>
      </div>
    </Page>
  );
}

function Deployments({ flowId }: { flowId: string }) {
  const deployments = useDeployments(useMemo(() => ({ flow_ids: [flowId] }), [flowId]));
  const items = deployments.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel title="Deployments" className="self-start">
      {deployments.isPending && <Skeleton className="mx-4 mb-4 h-20" />}
      {deployments.isError && (
        <div className="px-4 pb-4">
          <ErrorPanel
            what="Its deployments"
            error={deployments.error}
            onRetry={() => void deployments.refetch()}
          />
        </div>
      )}
      {deployments.isSuccess && items.length === 0 && (
        <div className="px-4 pb-4">
          <p className="mb-3 text-ink-muted">
            It has none: a deployment runs a flow by a schedule or by a click.
          </p>
          <Snippet
            label="Deploy a flow"
            code={"penstock work-pool create local\npenstock deploy --name daily --pool local hello.py:hello"}
          />
        </div>
      )}
      <ul className="pb-1.5">
        {items.map(({ id, spec }) => (
          <li key={id} className="flex min-h-9 items-center gap-3 px-4 hover:bg-hover">
            <Link
              to="/deployments/$deploymentId"
              params={{ deploymentId: id }}
              className="min-w-0 truncate rounded font-medium hover:underline"
            >
              {spec.name}
            </Link>
            <span className="ml-auto min-w-0 truncate text-xs text-ink-muted">
              {spec.paused === true
                ? "Paused"
                : (spec.schedules ?? [])
                    .filter(({ active }) => active !== false)
                    .map(({ schedule }) => scheduleWords(schedule))
                    .join(" · ") || "No schedule"}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
