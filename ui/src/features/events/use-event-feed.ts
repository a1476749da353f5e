import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import type { Event, EventFilter } from "@/api/types";
import { useEventPages } from "@/queries/use-event-pages";
import { useEvents, useStreamStatus } from "@/stream/live";
import { useFollow } from "@/stream/use-follow";

import { isMeant, meansTaskRuns } from "./event-conditions";

const MOST_HELD = 1_000;

interface Arrived {
  filter: EventFilter;
  /** Newest first. */
  shown: Event[];
  waiting: Event[];
}

/**
 * The events that a filter means, newest first: pages of those there are, and in front of them those that come in. While
 * it is held, what comes in waits, and is counted.
 */
export function useEventFeed(filter: EventFilter, isHeld: boolean) {
  const pages = useEventPages(filter);
  const client = useQueryClient();
  const [arrived, setArrived] = useState<Arrived>({ filter, shown: [], waiting: [] });
  if (arrived.filter !== filter) setArrived({ filter, shown: [], waiting: [] });
  // What has come in while it was held is shown once it is not.
  if (!isHeld && arrived.waiting.length > 0) {
    setArrived({ filter, shown: [...arrived.waiting, ...arrived.shown].slice(0, MOST_HELD), waiting: [] });
  }

  const hear = useCallback(
    (events: Event[]) => {
      const meant = events.filter((event) => isMeant(event, filter)).reverse();
      if (meant.length === 0) return;
      setArrived((before) => {
        if (before.filter !== filter) return before;
        return { ...before, waiting: [...meant, ...before.waiting].slice(0, MOST_HELD) };
      });
    },
    [filter],
  );
  const ofTaskRuns = meansTaskRuns(filter);
  useEvents((events) => {
    if (!ofTaskRuns) hear(events);
  });
  useFollow({
    path: ofTaskRuns && filter.before == null ? "/events/stream" : null,
    conditions: conditionsOf(filter),
    kinds: ["event"],
    onMessage: ({ data }) => hear([JSON.parse(data) as Event]),
    onReset: () => void client.invalidateQueries({ queryKey: ["event-log", "pages"] }),
  });

  // What happened before the stream was open is not told by it.
  const status = useStreamStatus();
  const wasLive = useRef(status === "live");
  useEffect(() => {
    if (status === "live" && !wasLive.current)
      void client.invalidateQueries({ queryKey: ["event-log", "pages"] });
    wasLive.current = status === "live";
  }, [status, client]);

  const events = useMemo(() => {
    const seen = new Set<string>();
    const all = [...arrived.shown, ...(pages.data?.pages.flatMap((page) => page.items) ?? [])];
    return all.filter(({ id }) => !seen.has(id) && seen.add(id));
  }, [arrived.shown, pages.data]);
  return {
    pages,
    events,
    waiting: arrived.waiting.length,
    isWaitingCapped: arrived.waiting.length >= MOST_HELD,
  };
}

function conditionsOf({ events, resource_ids, related_ids }: EventFilter): Record<string, readonly string[]> {
  return { events: events ?? [], resource_ids: resource_ids ?? [], related_ids: related_ids ?? [] };
}
