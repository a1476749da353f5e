import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import type { FlowRunFilter } from "@/api/types";
import { ErrorPanel } from "@/components/error-panel";
import { StackedHistogram } from "@/components/stacked-histogram";
import { Panel } from "@/components/ui/panel";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { totalOf } from "@/lib/stacks";
import { windowSeconds, type Window } from "@/lib/windows";
import { useFlowRunHistogram } from "@/queries/use-flow-run-histogram";

import type { FlowRunConditions } from "./run-conditions";

const BUCKETS = 48;
const CHOICES = ["24h", "7d", "30d"] as const satisfies readonly Window[];

interface RunsOverTimeProps {
  filter: FlowRunFilter;
  /** The conditions of the list that has these runs. */
  search: FlowRunConditions;
  className?: string;
}

/** Some runs over time, by their state. */
export function RunsOverTime({ filter, search, className }: RunsOverTimeProps) {
  const navigate = useNavigate();
  const [window, setWindow] = useState<Window>("24h");
  const histogram = useFlowRunHistogram({ windowSeconds: windowSeconds(window), buckets: BUCKETS, filter });
  const isEmpty =
    histogram.isSuccess && histogram.data.buckets.every((bucket) => totalOf(bucket.by_type) === 0);
  return (
    <Panel
      title="Runs over time"
      className={className}
      aside={
        <Segmented
          label="Window of time"
          value={window}
          options={CHOICES.map((value) => ({ value, label: value }))}
          onChange={setWindow}
        />
      }
    >
      {histogram.isPending && <Skeleton className="mx-4 mb-4 h-44" />}
      {histogram.isError && (
        <div className="px-4 pb-4">
          <ErrorPanel
            what="Runs over time"
            error={histogram.error}
            onRetry={() => void histogram.refetch()}
          />
        </div>
      )}
      {isEmpty && <p className="px-4 pt-1 pb-5 text-ink-faint">None ran in this time.</p>}
      {histogram.isSuccess && !isEmpty && (
        <StackedHistogram
          histogram={histogram.data}
          label="flow runs"
          onBucket={(from, to) => void navigate({ to: "/runs", search: { ...search, from, to } })}
          onType={(type) => void navigate({ to: "/runs", search: { ...search, state: [type], window } })}
        />
      )}
    </Panel>
  );
}
