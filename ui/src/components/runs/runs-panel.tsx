import { Link } from "@tanstack/react-router";

import type { FlowRun, FlowRunFilter, FlowRunSort } from "@/api/types";
import { Duration } from "@/components/duration";
import { ErrorPanel } from "@/components/error-panel";
import type { FlowRunConditions } from "@/components/runs/run-conditions";
import { FlowRunLink } from "@/components/runs/flow-run-link";
import { StateIcon } from "@/components/state-icon";
import { Time } from "@/components/time";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { numberOf } from "@/lib/plural";
import { labelOf, toneOf } from "@/lib/states";
import { useFlowRunSample } from "@/queries/use-flow-run-sample";

interface RunsPanelProps {
  title: string;
  /** A word about which runs these are. */
  note?: string;
  filter: FlowRunFilter;
  sort: FlowRunSort;
  /** How many are asked for at most; a few of them are shown. */
  limit?: number;
  /** Whether those that are due first are shown first. */
  byExpectedStart?: boolean;
  /** The conditions of the list that has all of them. */
  search: FlowRunConditions;
  /** What is said where there is none. */
  empty: string;
  shows: "elapsed" | "ended" | "due";
}

const SHOWN = 6;
const COUNTED = 50;

/** A few runs of one kind, how many there are, and the way to all of them. */
export function RunsPanel(props: RunsPanelProps) {
  const { title, note, filter, sort, limit = COUNTED, search, empty, shows } = props;
  const runs = useFlowRunSample({ filter, sort, limit });
  const items = runs.data?.items ?? [];
  const shown = (props.byExpectedStart === true ? items.toSorted(dueFirst) : items).slice(0, SHOWN);
  return (
    <Panel
      title={
        <span className="flex items-baseline gap-2">
          {title}
          {runs.isSuccess && (
            <span className="tabular font-normal text-ink-muted">
              {numberOf(items.length, runs.data.next != null)}
            </span>
          )}
          {note !== undefined && <span className="text-xs font-normal text-ink-faint">{note}</span>}
        </span>
      }
      aside={
        items.length > SHOWN && (
          <Link
            to="/runs"
            search={search}
            className="rounded text-xs text-ink-muted hover:text-ink hover:underline"
          >
            See all
          </Link>
        )
      }
    >
      {runs.isPending && <Skeleton className="mx-4 mb-4 h-20" />}
      {runs.isError && (
        <div className="px-4 pb-4">
          <ErrorPanel
            what={`What is ${title.toLowerCase()}`}
            error={runs.error}
            onRetry={() => void runs.refetch()}
          />
        </div>
      )}
      {runs.isSuccess && items.length === 0 && <p className="px-4 pt-1 pb-5 text-ink-faint">{empty}</p>}
      <ul className="pb-1.5">
        {shown.map((run) => (
          <li key={run.id} className="flex h-9 items-center gap-2.5 px-4 hover:bg-hover">
            <span title={labelOf(run.state.name)}>
              <StateIcon tone={toneOf(run.state.type, run.state.name)} />
              <span className="sr-only">{labelOf(run.state.name)}</span>
            </span>
            <span className="min-w-0 flex-1">
              <FlowRunLink run={run} />
            </span>
            <span className="shrink-0 text-xs text-ink-muted">
              {shows === "elapsed" && <Duration start={run.start_time} end={run.end_time} />}
              {shows === "ended" && <Time at={run.end_time} />}
              {shows === "due" && <Time at={run.expected_start} />}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function dueFirst(one: FlowRun, other: FlowRun): number {
  return (one.expected_start ?? "").localeCompare(other.expected_start ?? "");
}
