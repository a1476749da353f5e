import { lazy, Suspense } from "react";

import { ErrorPanel } from "@/components/error-panel";
import type { LogConditions } from "@/components/logs/log-viewer";
import { Page } from "@/components/page";
import { RunError } from "@/components/runs/run-error";
import { StateHistory } from "@/components/runs/state-history";
import { StateBadge } from "@/components/state-badge";
import { TabBar } from "@/components/tab-bar";
import { Skeleton } from "@/components/ui/skeleton";
import { numberOf } from "@/lib/plural";
import { isTerminal } from "@/lib/states";
import { useFlowRun } from "@/queries/use-flow-run";
import { useFlowRunCounts } from "@/queries/use-flow-run-counts";

import { RunActions } from "./actions/run-actions";
import { RunHeader } from "./run-header";
import { DetailsTab } from "./tabs/details-tab";
import { TimelineTab } from "./timeline/timeline-tab";
import { useLiveRun } from "./use-live-run";

const GraphTab = lazy(async () => ({ default: (await import("./graph/graph-tab")).GraphTab }));
const LogViewer = lazy(async () => ({ default: (await import("@/components/logs/log-viewer")).LogViewer }));
const TaskRunsTab = lazy(async () => ({ default: (await import("./tabs/task-runs-tab")).TaskRunsTab }));
const SubflowsTab = lazy(async () => ({ default: (await import("./tabs/subflows-tab")).SubflowsTab }));
const EventsTab = lazy(async () => ({ default: (await import("./tabs/events-tab")).EventsTab }));

export const RUN_PAGE_TABS = [
  "timeline",
  "graph",
  "logs",
  "task-runs",
  "subflows",
  "details",
  "states",
  "events",
] as const;

export type RunPageTab = (typeof RUN_PAGE_TABS)[number];

export interface RunPageSearch extends LogConditions {
  tab?: RunPageTab;
}

interface RunPageProps {
  id: string;
  search: RunPageSearch;
  /** Puts another part, or other conditions, into the address. */
  onSearch: (search: RunPageSearch) => void;
}

/** A flow run: how it stands, what can be done with it, and all that is known of it. */
export function RunPage({ id, search, onSearch }: RunPageProps) {
  const run = useFlowRun(id);
  const counts = useFlowRunCounts(id);
  const isLive = run.data !== undefined && !isTerminal(run.data.state.type);
  useLiveRun(id, isLive, run.data?.state.timestamp);
  if (run.isPending) {
    return (
      <Page title="Run">
        <Skeleton className="mb-4 h-20 w-full rounded-xl" />
        <Skeleton className="h-96 w-full rounded-xl" />
      </Page>
    );
  }
  if (run.isError && run.data === undefined) {
    return (
      <Page title="Run">
        <ErrorPanel what="The run" error={run.error} onRetry={() => void run.refetch()} />
      </Page>
    );
  }
  const { data } = run;
  const tab = search.tab ?? "timeline";
  const total = Object.values(counts.data?.by_type ?? {}).reduce((sum, count) => sum + count, 0);
  const tabs = [
    { value: "timeline", label: "Timeline" },
    { value: "graph", label: "Graph" },
    { value: "logs", label: "Logs" },
    {
      value: "task-runs",
      label: "Task runs",
      count: counts.data === undefined ? undefined : numberOf(total, (counts.data.capped?.length ?? 0) > 0),
    },
    { value: "subflows", label: "Subflows" },
    { value: "details", label: "Parameters" },
    { value: "states", label: "States", count: numberOf(data.states?.length ?? 0) },
    { value: "events", label: "Events" },
  ] as const;
  const { level, logger, task, text, only } = search;
  return (
    <Page
      title={`${data.flow_name} / ${data.name}`}
      actions={
        <span className="flex flex-wrap items-center gap-3">
          <StateBadge state={data.state} />
          <RunActions run={data} />
        </span>
      }
    >
      <RunHeader run={data} />
      {data.error && <RunError error={data.error} />}
      <TabBar
        label="Parts of the run"
        value={tab}
        tabs={tabs}
        onChange={(chosen) => onSearch({ tab: chosen })}
      >
        <Suspense fallback={<Skeleton className="h-96 w-full rounded-xl" />}>
          {tab === "timeline" && <TimelineTab run={data} />}
          {tab === "graph" && <GraphTab runId={id} />}
          {tab === "logs" && (
            <LogViewer
              of={{ flow_run_ids: [id] }}
              isLive={isLive}
              conditions={{ level, logger, task, text, only }}
              onConditions={(changed) => onSearch({ tab: "logs", ...changed })}
              showsTasks
            />
          )}
          {tab === "task-runs" && <TaskRunsTab runId={id} />}
          {tab === "subflows" && <SubflowsTab runId={id} />}
          {tab === "details" && <DetailsTab run={data} />}
          {tab === "states" && (
            <section aria-label="States" className="rounded-xl border border-line bg-surface shadow-panel">
              <StateHistory states={data.states ?? []} />
            </section>
          )}
          {tab === "events" && <EventsTab runId={id} />}
        </Suspense>
      </TabBar>
    </Page>
  );
}
