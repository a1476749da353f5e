import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";

import type { TaskRun } from "@/api/types";
import { CopyButton } from "@/components/copy-button";
import { Duration } from "@/components/duration";
import { ErrorPanel } from "@/components/error-panel";
import type { LogConditions } from "@/components/logs/log-viewer";
import { Page } from "@/components/page";
import { Facts } from "@/components/runs/facts";
import { RunError } from "@/components/runs/run-error";
import { StateHistory } from "@/components/runs/state-history";
import { StateBadge } from "@/components/state-badge";
import { TabBar } from "@/components/tab-bar";
import { TagList } from "@/components/tag-list";
import { Time } from "@/components/time";
import { Skeleton } from "@/components/ui/skeleton";
import { numberOf } from "@/lib/plural";
import { isTerminal } from "@/lib/states";
import { endOf, startOf } from "@/lib/task-run-times";
import { useFlowRunSample } from "@/queries/use-flow-run-sample";
import { useTaskRun } from "@/queries/use-task-run";

import { AttemptBars } from "./attempt-bars";
import { InputsTab } from "./inputs-tab";
import { useLiveTaskRun } from "./use-live-task-run";

const LogViewer = lazy(async () => ({ default: (await import("@/components/logs/log-viewer")).LogViewer }));
const EventsTab = lazy(async () => ({ default: (await import("./events-tab")).EventsTab }));

export const TASK_RUN_PAGE_TABS = ["states", "logs", "inputs", "events"] as const;

export type TaskRunPageTab = (typeof TASK_RUN_PAGE_TABS)[number];

export interface TaskRunPageSearch extends LogConditions {
  tab?: TaskRunPageTab;
}

interface TaskRunPageProps {
  id: string;
  search: TaskRunPageSearch;
  /** Puts another part, or other conditions, into the address. */
  onSearch: (search: TaskRunPageSearch) => void;
}

const LINK = "truncate rounded text-accent hover:underline";

/** A task run: how it stands and how it came to it, what it logged, and what its arguments came from. */
export function TaskRunPage({ id, search, onSearch }: TaskRunPageProps) {
  const run = useTaskRun(id);
  const state = run.data?.states.at(-1);
  const isLive = state !== undefined && !isTerminal(state.type);
  useLiveTaskRun(id, isLive);
  const of = useMemo(() => ({ task_run_ids: [id] }), [id]);
  if (run.isPending) {
    return (
      <Page title="Task run">
        <Skeleton className="mb-4 h-20 w-full rounded-xl" />
        <Skeleton className="h-64 w-full rounded-xl" />
      </Page>
    );
  }
  if (run.data === undefined || state === undefined) {
    return (
      <Page title="Task run">
        <ErrorPanel what="The task run" error={run.error} onRetry={() => void run.refetch()} />
      </Page>
    );
  }
  const { data } = run;
  const tab = search.tab ?? "states";
  const { level, logger, text, only } = search;
  const inputs = Object.values(data.upstreams ?? {}).reduce((sum, ids) => sum + ids.length, 0);
  return (
    <Page title={data.name} actions={<StateBadge state={state} />}>
      <TaskRunHeader run={data} message={state.message} />
      {data.error && <RunError error={data.error} />}
      <AttemptBars states={data.states} />
      <TabBar
        label="Parts of the task run"
        value={tab}
        tabs={[
          { value: "states", label: "States", count: numberOf(data.states.length) },
          { value: "logs", label: "Logs" },
          { value: "inputs", label: "Upstream", count: numberOf(inputs) },
          { value: "events", label: "Events" },
        ]}
        onChange={(chosen) => onSearch({ tab: chosen })}
      >
        <Suspense fallback={<Skeleton className="h-64 w-full rounded-xl" />}>
          {tab === "states" && (
            <section aria-label="States" className="rounded-xl border border-line bg-surface shadow-panel">
              <StateHistory states={data.states} />
            </section>
          )}
          {tab === "logs" && (
            <LogViewer
              of={of}
              isLive={isLive}
              conditions={{ level, logger, text, only }}
              onConditions={(changed) => onSearch({ tab: "logs", ...changed })}
            />
          )}
          {tab === "inputs" && <InputsTab run={data} />}
          {tab === "events" && <EventsTab id={id} />}
        </Suspense>
      </TabBar>
    </Page>
  );
}

function TaskRunHeader({ run, message }: { run: TaskRun; message: string | null | undefined }) {
  const flowRun = useFlowRunSample({
    filter: { ids: [run.flow_run_id ?? run.id] },
    limit: 1,
    enabled: run.flow_run_id != null,
  }).data?.items[0];
  return (
    <div className="mb-4 rounded-xl border border-line bg-surface px-4 py-3 shadow-panel">
      {message && !run.error && (
        <p className="mb-2.5 line-clamp-4 text-sm break-words text-ink-muted">{message}</p>
      )}
      <Facts
        facts={[
          [
            "Task",
            <Link key="task" to="/task-runs" search={{ task: [run.task_name] }} className={LINK}>
              {run.task_name}
            </Link>,
          ],
          [
            "Flow run",
            run.flow_run_id && (
              <Link to="/runs/$runId" params={{ runId: run.flow_run_id }} className={LINK}>
                {flowRun === undefined ? run.flow_run_id.slice(-8) : `${flowRun.flow_name} / ${flowRun.name}`}
              </Link>
            ),
          ],
          [
            "Called by",
            run.parent_task_run_id && (
              <Link
                to="/task-runs/$taskRunId"
                params={{ taskRunId: run.parent_task_run_id }}
                className={LINK}
              >
                {run.parent_task_run_id.slice(-8)}
              </Link>
            ),
          ],
          ["Started", <Time key="started" at={startOf(run.states)} />],
          ["Took", <Duration key="took" start={startOf(run.states)} end={endOf(run.states)} />],
          ["Attempts", `${run.run_count ?? 0} of ${(run.retries ?? 0) + 1}`],
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
