import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import type { JsonObject } from "@/lib/exact-json";
import type { Deployment } from "@/api/types";
import { CodeBlock } from "@/components/code-block";
import { ErrorPanel } from "@/components/error-panel";
import { Markdown } from "@/components/markdown/markdown";
import { Page } from "@/components/page";
import { RunsOverTime } from "@/components/runs/runs-over-time";
import { RunsPanel } from "@/components/runs/runs-panel";
import { TagList } from "@/components/tag-list";
import { Time } from "@/components/time";
import { Facts } from "@/components/ui/facts";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { writeExact } from "@/lib/exact-json";
import { useDeployment } from "@/queries/use-deployment";

import { BackfillsPanel } from "./backfills-panel";
import { DeploymentActions } from "./deployment-actions";
import { SchedulesPanel } from "./schedules-panel";
import { VersionsPanel } from "./versions-panel";

/** A deployment: what it says, what it runs and when, and what can be done with it. */
export function DeploymentPage({ id }: { id: string }) {
  const asked = useDeployment(id);
  const filter = useMemo(() => ({ deployment_ids: [id] }), [id]);
  if (!asked.isSuccess) {
    return (
      <Page title="Deployment">
        {asked.isPending && <Skeleton className="h-64 w-full rounded-xl" />}
        {asked.isError && (
          <ErrorPanel what="The deployment" error={asked.error} onRetry={() => void asked.refetch()} />
        )}
      </Page>
    );
  }
  const { value: deployment, exact } = asked.data;
  const spec = exact.spec as JsonObject;
  const search = { deployment: [id] };
  return (
    <Page
      title={`${deployment.spec.flow_name} / ${deployment.spec.name}`}
      actions={<DeploymentActions deployment={deployment} spec={spec} />}
    >
      {deployment.spec.description && (
        <div className="mb-4 max-w-3xl text-ink-muted">
          <Markdown text={deployment.spec.description} />
        </div>
      )}
      <div className="grid gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <RunsOverTime filter={filter} search={search} />
          <div className="grid gap-4 xl:grid-cols-2">
            <RunsPanel
              title="Upcoming"
              filter={{ ...filter, state_types: ["SCHEDULED"] }}
              sort="ID_ASC"
              limit={200}
              byExpectedStart
              search={{ ...search, state: ["SCHEDULED"] }}
              empty="No run is to come."
              shows="due"
            />
            <RunsPanel
              title="Recent"
              filter={{ all: [filter, { not: { state_types: ["SCHEDULED"] } }] }}
              sort="ID_DESC"
              search={{ ...search, state: ["SCHEDULED"], not: ["state"] }}
              empty="It has not run yet."
              shows="elapsed"
            />
          </div>
          <BackfillsPanel deploymentId={id} />
          <VersionsPanel deployment={deployment} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <SchedulesPanel deployment={deployment} spec={spec} />
          <Details deployment={deployment} />
          <JsonPanel
            title="Parameters"
            value={spec.parameters}
            empty="Runs are called with the flow’s own defaults."
          />
          <JsonPanel
            title="Parameters’ schema"
            value={spec.parameter_schema}
            empty="Its parameters have no schema."
          />
          <JsonPanel title="Job variables" value={spec.job_variables} empty="The work pool’s own hold." />
        </div>
      </div>
    </Page>
  );
}

function Details({ deployment }: { deployment: Deployment }) {
  const { spec } = deployment;
  return (
    <Panel title="Details">
      <Facts
        facts={[
          [
            "Flow",
            <Link
              key="flow"
              to="/flows/$flowId"
              params={{ flowId: deployment.flow_id }}
              className="rounded text-accent hover:underline"
            >
              {spec.flow_name}
            </Link>,
          ],
          ["Entrypoint", spec.entrypoint && <code className="font-mono text-xs">{spec.entrypoint}</code>],
          ["Path", spec.path && <code className="font-mono text-xs">{spec.path}</code>],
          [
            "Work pool",
            spec.work_pool_name ? (
              <Link
                to="/work-pools/$pool"
                params={{ pool: spec.work_pool_name }}
                className="rounded text-accent hover:underline"
              >
                {spec.work_pool_name}
                {spec.work_queue_name && ` / ${spec.work_queue_name}`}
              </Link>
            ) : (
              "none: a process of yours serves it"
            ),
          ],
          [
            "At once",
            spec.concurrency_limit != null &&
              `${spec.concurrency_limit}; further runs ${spec.collision_strategy === "CANCEL_NEW" ? "are cancelled" : "wait"}`,
          ],
          ["Other parameters", spec.enforce_parameter_schema === false ? "allowed" : "refused"],
          ["Tags", (spec.tags ?? []).length > 0 && <TagList tags={spec.tags} most={20} />],
          ["Version", spec.version],
          [
            "Source",
            spec.source &&
              `${spec.source.kind} ${spec.source.branch ?? ""} ${spec.source.commit?.slice(0, 10) ?? ""}`,
          ],
          ["Made", <Time key="made" at={deployment.created} />],
          ["Changed", <Time key="changed" at={deployment.updated} />],
          ["Last polled", deployment.last_polled && <Time at={deployment.last_polled} />],
          [
            "Id",
            <code key="id" className="font-mono text-xs">
              {deployment.id}
            </code>,
          ],
        ]}
      />
    </Panel>
  );
}

function JsonPanel({ title, value, empty }: { title: string; value: unknown; empty: string }) {
  const isEmpty = value === undefined || value === null || Object.keys(value).length === 0;
  return (
    <Panel title={title}>
      {isEmpty ? (
        <p className="px-4 pb-4 text-ink-faint">{empty}</p>
      ) : (
        <CodeBlock label={title} text={writeExact(value, 2)} className="max-h-72 px-4 pb-4" />
      )}
    </Panel>
  );
}
