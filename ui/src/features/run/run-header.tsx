import { Link } from "@tanstack/react-router";

import type { FlowRun } from "@/api/types";
import { CopyButton } from "@/components/copy-button";
import { Duration } from "@/components/duration";
import { Facts } from "@/components/runs/facts";
import { TagList } from "@/components/tag-list";
import { Time } from "@/components/time";
import { useDeploymentNames } from "@/queries/use-deployment-names";
import { useFlowRunSample } from "@/queries/use-flow-run-sample";

const LINK = "truncate rounded text-accent hover:underline";

/** What a flow run is of, when it ran and where. */
export function RunHeader({ run }: { run: FlowRun }) {
  const deployment = useDeploymentNames(run.deployment_id ? [run.deployment_id] : []);
  const parentId = run.parent_flow_run_id;
  const parent = useFlowRunSample({
    filter: { ids: [parentId ?? run.id] },
    limit: 1,
    enabled: parentId != null,
  }).data?.items[0];
  return (
    <div className="mb-4 rounded-xl border border-line bg-surface px-4 py-3 shadow-panel">
      {run.state.message && !run.error && (
        <p className="mb-2.5 line-clamp-4 text-sm break-words text-ink-muted">{run.state.message}</p>
      )}
      <Facts
        facts={[
          [
            "Flow",
            <Link key="flow" to="/runs" search={{ flow: [run.flow_name] }} className={LINK}>
              {run.flow_name}
            </Link>,
          ],
          [
            "Deployment",
            run.deployment_id && (
              <Link to="/runs" search={{ deployment: [run.deployment_id] }} className={LINK}>
                {deployment.data?.[run.deployment_id]?.split("/").slice(1).join("/") ??
                  (deployment.isSuccess ? "deleted" : "…")}
                {run.deployment_version != null && ` v${run.deployment_version}`}
              </Link>
            ),
          ],
          [
            "Work pool",
            run.work_pool_name && (
              <Link to="/runs" search={{ pool: [run.work_pool_name] }} className={LINK}>
                {run.work_pool_name}
                {run.work_queue_name && run.work_queue_name !== "default" && ` / ${run.work_queue_name}`}
              </Link>
            ),
          ],
          [
            "Worker",
            run.worker_id && (
              <span title={run.worker_id} className="truncate">
                {run.worker_id.split(":").slice(0, 2).join(":")}
              </span>
            ),
          ],
          [
            "Called by",
            parentId && (
              <Link to="/runs/$runId" params={{ runId: parentId }} className={LINK}>
                {parent === undefined ? parentId.slice(-8) : `${parent.flow_name} / ${parent.name}`}
              </Link>
            ),
          ],
          run.start_time
            ? ["Started", <Time key="started" at={run.start_time} />]
            : ["Due", run.expected_start && <Time at={run.expected_start} />],
          ["Took", run.start_time && <Duration start={run.start_time} end={run.end_time} />],
          ["Attempt", (run.attempt ?? 0) > 1 && <span className="tabular">{run.attempt}</span>],
          ["Tags", (run.tags?.length ?? 0) > 0 && <TagList tags={run.tags} most={6} />],
          [
            "Id",
            <span key="id" className="flex items-center gap-1 font-mono text-xs text-ink-muted">
              {run.id.slice(-12)}
              <CopyButton text={run.id} label="Copy the id" />
            </span>,
          ],
        ]}
      />
    </div>
  );
}
