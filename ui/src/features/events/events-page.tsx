import type { ColumnDef } from "@tanstack/react-table";
import { Activity, ArrowUp, Pause, Play, SearchX } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";

import type { Event } from "@/api/types";
import { DataTable } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { FilterPill, type FilterField } from "@/components/filter-pill";
import { Page } from "@/components/page";
import { RangePill } from "@/components/range-pill";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { WindowSelect } from "@/components/window-select";
import { countOf } from "@/lib/plural";
import { resourceOf } from "@/lib/resources";
import { useShortcuts } from "@/lib/shortcuts";

import { eventFilter, type EventsSearch } from "./event-conditions";
import { EventDialog } from "./event-dialog";
import { EventName } from "./event-name";
import { ResourceLink } from "./resource-link";
import { useEventFeed } from "./use-event-feed";

interface EventsPageProps {
  search: EventsSearch;
  /** Puts other conditions into the address. */
  onSearch: (search: EventsSearch) => void;
}

const KNOWN = [
  "penstock.flow-run.*",
  "penstock.flow-run.Completed",
  "penstock.flow-run.Failed",
  "penstock.flow-run.Crashed",
  "penstock.flow-run.Late",
  "penstock.task-run.*",
  "penstock.task-run.Failed",
  "penstock.deployment.*",
  "penstock.work-pool.*",
  "penstock.worker.*",
  "penstock.backfill.*",
  "penstock.flow.*",
];

const FIELDS: (FilterField & { key: "event" | "resource" | "related" })[] = [
  {
    key: "event",
    label: "Event",
    isFree: true,
    isOnlyIs: true,
    hint: "A name, or how it begins: orders.*",
    useOptions: (text) =>
      KNOWN.filter((name) => name.toLowerCase().includes(text.toLowerCase())).map((name) => ({
        value: name,
        label: name,
      })),
  },
  {
    key: "resource",
    label: "Resource",
    isFree: true,
    isOnlyIs: true,
    hint: "An id: penstock.flow-run.…",
    useOptions: () => [],
  },
  {
    key: "related",
    label: "Related to",
    isFree: true,
    isOnlyIs: true,
    hint: "An id: penstock.tag.nightly",
    useOptions: () => [],
  },
];

const FAR_DOWN_PX = 160;

const TELL_ONE = `from penstock.events import emit_event

emit_event(
    "orders.order.shipped",
    {"penstock.resource.id": "order.1001"},
    payload={"weight": 2.5},
)`;

/** What happens, as it happens; its address says of what. */
export function EventsPage({ search, onSearch }: EventsPageProps) {
  const [now] = useState(() => Date.now());
  const { event, resource, related, window: length, from, to, id } = search;
  const filter = useMemo(
    () => eventFilter({ event, resource, related, window: length, from, to }, now),
    [event, resource, related, length, from, to, now],
  );
  const [isPaused, setPaused] = useState(false);
  const isFarDown = useIsFarDown();
  const { pages, events, waiting, isWaitingCapped } = useEventFeed(filter, isPaused || isFarDown);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = pages;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const isFiltered = Object.keys(filter).length > 0;
  const isLive = filter.before == null;
  const look = (chosen: string | undefined) => onSearch({ ...search, id: chosen });
  const columns = columnsOf((chosen) => look(chosen.id));
  useShortcuts({ p: () => setPaused((before) => !before) });

  return (
    <Page
      title="Events"
      actions={
        isLive && (
          <Button aria-pressed={isPaused} aria-keyshortcuts="p" onClick={() => setPaused(!isPaused)}>
            {isPaused ? <Play /> : <Pause />} {isPaused ? "Continue" : "Pause"}
          </Button>
        )
      }
    >
      <div className="mb-3 flex flex-wrap items-center gap-2" role="search">
        <WindowSelect
          value={length}
          anyLabel="Any time"
          onChange={(window) => onSearch({ ...search, window, from: undefined, to: undefined })}
        />
        <RangePill
          from={from}
          to={to}
          onClear={() => onSearch({ ...search, from: undefined, to: undefined })}
        />
        {FIELDS.map((field) => (
          <FilterPill
            key={field.key}
            field={field}
            values={search[field.key] ?? []}
            isNegated={false}
            onChange={(values) => onSearch({ ...search, [field.key]: values })}
          />
        ))}
        {isFiltered && (
          <Button variant="ghost" size="sm" onClick={() => onSearch({ id })}>
            Clear all
          </Button>
        )}
      </div>
      {waiting > 0 && (
        <div className="sticky top-14 z-20 -mt-1 mb-2 flex justify-center md:top-3">
          <Button
            variant="primary"
            size="sm"
            className="rounded-full! shadow-float"
            onClick={() => {
              setPaused(false);
              window.scrollTo({ top: 0 });
            }}
          >
            <ArrowUp /> {countOf(waiting, "new event", isWaitingCapped)}
          </Button>
        </div>
      )}
      {pages.isError && (
        <ErrorPanel what="The events" error={pages.error} onRetry={() => void pages.refetch()} />
      )}
      {pages.isPending && <Skeleton className="h-96 w-full rounded-xl" />}
      {pages.isSuccess && events.length === 0 && !hasNextPage && <Nothing isFiltered={isFiltered} />}
      {pages.isSuccess && (events.length > 0 || hasNextPage) && (
        <DataTable
          label="Events"
          rows={events}
          columns={columns}
          rowId={(one) => one.id}
          rowHeight={38}
          onEnd={onEnd}
          isLoadingMore={isFetchingNextPage}
        />
      )}
      {id !== undefined && (
        <EventDialog key={id} id={id} known={events.find((one) => one.id === id)} onLook={look} />
      )}
    </Page>
  );
}

function columnsOf(onOpen: (event: Event) => void): ColumnDef<Event>[] {
  return [
    {
      id: "occurred",
      header: "Occurred",
      meta: { className: "w-28 sm:w-36" },
      cell: ({ row }) => <Time at={row.original.occurred} className="truncate text-ink-muted" />,
    },
    {
      id: "event",
      header: "Event",
      meta: { className: "flex-1 md:flex-none md:w-80" },
      cell: ({ row }) => (
        <button
          type="button"
          data-row-target
          className="min-w-0 rounded text-left hover:underline"
          onClick={() => onOpen(row.original)}
        >
          <EventName event={row.original} />
        </button>
      ),
    },
    {
      id: "resource",
      header: "Resource",
      meta: { className: "hidden flex-1 md:flex" },
      cell: ({ row }) => <ResourceLink resource={resourceOf(row.original.resource)} />,
    },
    {
      id: "related",
      header: "Related to",
      meta: { className: "hidden w-72 gap-2 lg:flex" },
      cell: ({ row }) => {
        const related = (row.original.related ?? []).map(resourceOf).filter(({ kind }) => kind !== "flow");
        return related.length === 0 ? (
          <span className="text-ink-faint">–</span>
        ) : (
          <>
            <span className="shrink-0 text-xs text-ink-faint">{related[0]!.kind}</span>
            <ResourceLink resource={related[0]!} className="text-ink-muted" />
            {related.length > 1 && (
              <span className="shrink-0 text-xs text-ink-faint">+{related.length - 1}</span>
            )}
          </>
        );
      },
    },
  ];
}

/** Whether the viewer looks at what is further down, which must not move away under them. */
function useIsFarDown(): boolean {
  const [isFarDown, setFarDown] = useState(false);
  useEffect(() => {
    const look = () => setFarDown(window.scrollY > FAR_DOWN_PX);
    look();
    window.addEventListener("scroll", look, { passive: true });
    return () => window.removeEventListener("scroll", look);
  }, []);
  return isFarDown;
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
    <EmptyState icon={SearchX} title="No event matches">
      What comes in from now on and matches appears here. Take a condition away to see more.
    </EmptyState>
  ) : (
    <EmptyState
      icon={Activity}
      title="Nothing has happened yet"
      snippet={{ label: "Tell an event of your own", code: TELL_ONE }}
    >
      Runs, deployments and workers tell what becomes of them, and so can your programs.
    </EmptyState>
  );
}
