import { Link, useNavigate } from "@tanstack/react-router";
import { Waves } from "lucide-react";
import { lazy, Suspense, useMemo } from "react";

import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { Page } from "@/components/page";
import { TAG_FIELD } from "@/components/runs/state-field";
import { StackedHistogram } from "@/components/stacked-histogram";
import { Panel } from "@/components/ui/panel";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { useNow } from "@/lib/now";
import { totalOf } from "@/lib/stacks";
import { windowSeconds, windowStart, WINDOW_LABELS, WINDOWS, type Window } from "@/lib/windows";
import { useFlowRunHistogram } from "@/queries/use-flow-run-histogram";

import { RunsPanel } from "@/components/runs/runs-panel";
import { WorkPoolsPanel } from "./work-pools-panel";

// After the first paint: what it takes to open something is not needed to see it.
const FilterPill = lazy(async () => ({ default: (await import("@/components/filter-pill")).FilterPill }));

export interface HomeSearch {
  window?: Window;
  tag?: string[];
}

interface HomePageProps {
  search: HomeSearch;
  /** Puts another window or other tags into the address. */
  onSearch: (search: HomeSearch) => void;
}

const DEFAULT_WINDOW: Window = "24h";
const BUCKETS: Record<Window, number> = { "1h": 60, "6h": 72, "24h": 48, "7d": 84, "30d": 60 };
const AHEAD_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;

/** What goes on, what went wrong, and what comes next. One bounded request a panel. */
export function HomePage({ search, onSearch }: HomePageProps) {
  const window = search.window ?? DEFAULT_WINDOW;
  // By the minute: what is asked for must stay the same for a while.
  const minute = Math.floor(useNow() / MINUTE_MS) * MINUTE_MS;
  const tags = search.tag ?? [];
  const tagged = useMemo(() => (search.tag?.length ? { tags_any: search.tag } : {}), [search.tag]);
  const since = windowStart(window, minute);
  return (
    <Page
      title="Home"
      actions={
        <div className="flex flex-wrap items-center gap-2">
          <Suspense fallback={<span className="h-8 w-16" />}>
            <FilterPill
              field={TAG_FIELD}
              values={tags}
              isNegated={false}
              onChange={(tag) => onSearch({ ...search, tag })}
            />
          </Suspense>
          <Segmented
            label="Window of time"
            value={window}
            options={WINDOWS.map((value) => ({ value, label: value }))}
            onChange={(chosen) => onSearch({ ...search, window: chosen })}
          />
        </div>
      }
    >
      <div className="grid gap-4 lg:grid-cols-2">
        <Timeline window={window} tag={tags} filter={tagged} />
        <RunsPanel
          title="Running"
          filter={{ ...tagged, state_types: ["RUNNING", "PENDING", "CANCELLING", "PAUSED"] }}
          sort="ID_DESC"
          search={{ state: ["RUNNING", "PENDING", "CANCELLING", "PAUSED"], tag: tags }}
          empty="Nothing runs right now."
          shows="elapsed"
        />
        <RunsPanel
          title="Failed"
          note={WINDOW_LABELS[window].toLowerCase()}
          filter={{ ...tagged, state_types: ["FAILED", "CRASHED"], ended_after: since }}
          sort="END_TIME_DESC"
          search={{ state: ["FAILED", "CRASHED"], tag: tags, window }}
          empty="Nothing failed. Enjoy the calm."
          shows="ended"
        />
        <RunsPanel
          title="Late"
          filter={{ ...tagged, state_names: ["Late"] }}
          sort="ID_ASC"
          search={{ state: ["Late"], tag: tags }}
          empty="Everything started in time."
          shows="due"
        />
        <RunsPanel
          title="Next"
          note="within 24 hours"
          filter={{
            ...tagged,
            state_types: ["SCHEDULED"],
            expected_after: new Date(minute).toISOString(),
            expected_before: new Date(minute + AHEAD_MS).toISOString(),
          }}
          sort="ID_ASC"
          limit={200}
          byExpectedStart
          search={{ state: ["SCHEDULED"], tag: tags }}
          empty="Nothing is scheduled within a day."
          shows="due"
        />
        <WorkPoolsPanel />
      </div>
    </Page>
  );
}

function Timeline({
  window,
  tag,
  filter,
}: {
  window: Window;
  tag: string[];
  filter: { tags_any?: string[] };
}) {
  const navigate = useNavigate();
  const histogram = useFlowRunHistogram({
    windowSeconds: windowSeconds(window),
    buckets: BUCKETS[window],
    filter,
  });
  const isEmpty =
    histogram.isSuccess && histogram.data.buckets.every((bucket) => totalOf(bucket.by_type) === 0);
  return (
    <Panel
      title="Runs over time"
      className="lg:col-span-2"
      aside={
        <Link
          to="/runs"
          search={{ window, tag }}
          className="rounded text-xs text-ink-muted hover:text-ink hover:underline"
        >
          See all
        </Link>
      }
    >
      {histogram.isPending && <Skeleton className="mx-4 mb-4 h-48" />}
      {histogram.isError && (
        <div className="px-4 pb-4">
          <ErrorPanel
            what="Runs over time"
            error={histogram.error}
            onRetry={() => void histogram.refetch()}
          />
        </div>
      )}
      {isEmpty && (
        <EmptyState icon={Waves} title="No flow ran in this time">
          Runs appear here as soon as a flow starts that reports to this server.{" "}
          {tag.length > 0 && "Take the tag away to see more."}
        </EmptyState>
      )}
      {histogram.isSuccess && !isEmpty && (
        <StackedHistogram
          histogram={histogram.data}
          label="flow runs"
          onBucket={(from, to) => void navigate({ to: "/runs", search: { from, to, tag } })}
          onType={(type) => void navigate({ to: "/runs", search: { state: [type], window, tag } })}
        />
      )}
    </Panel>
  );
}
