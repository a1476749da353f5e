import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import type { LogFilter, LogRecord } from "@/api/types";
import { useLogContext } from "@/queries/use-log-context";
import { useLogs, type LogEnd } from "@/queries/use-logs";
import { useFollow } from "@/stream/use-follow";

/** Where a reader is: at one end of the log, or around a line far from both. */
export type LogPlace = LogEnd | number;

interface LinesWanted {
  filter: LogFilter;
  place: LogPlace;
  /** Whether lines still come in. */
  isLive: boolean;
}

const MOST_KEPT = 20_000;
const TOLD_EVERY_MS = 150;

/** The lines of a log from a place on, the oldest first, with those that come in while they are looked at. */
export function useLogLines({ filter, place, isLive }: LinesWanted) {
  const isAround = typeof place === "number";
  const from: LogEnd = isAround ? "first" : place;
  const pages = useLogs({ filter, from, enabled: !isAround });
  const context = useLogContext(isAround ? place : null);
  const read = useMemo(() => {
    if (isAround) return context.data ?? [];
    const lines = pages.data?.pages.flatMap((page) => page.items) ?? [];
    return from === "last" ? lines.toReversed() : lines;
  }, [isAround, context.data, pages.data, from]);

  const lastRead = read.at(-1)?.id ?? 0;
  const isWhole = pages.isSuccess && (from === "last" || !pages.hasNextPage);
  const { refetch } = pages;
  const readAnew = useCallback(() => void refetch(), [refetch]);
  const fresh = useFreshLines(filter, isLive && !isAround && isWhole, lastRead, readAnew);
  const isMissed = fresh.status === "live" && isWhole && lastRead === 0;
  useEffect(() => {
    // Nothing was there to go on from: what came before the stream began is read once more.
    if (isMissed) readAnew();
  }, [isMissed, readAnew]);
  const lines = useMemo(() => {
    const known = read.at(-1)?.id ?? 0;
    const added = fresh.lines.filter(({ id }) => (id ?? 0) > known);
    return added.length === 0 ? read : [...read, ...added];
  }, [read, fresh.lines]);

  const { fetchNextPage, hasNextPage, isFetchingNextPage } = pages;
  const readMore = useCallback(() => {
    if (!isAround && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isAround, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const isFull = lines.length >= MOST_KEPT;
  return {
    lines,
    isPending: isAround ? context.isPending : pages.isPending,
    error: isAround ? context.error : pages.error,
    retry: () => void (isAround ? context.refetch() : pages.refetch()),
    readMore: isFull ? undefined : readMore,
    hasMore: !isAround && hasNextPage && !isFull,
    isReading: isFetchingNextPage,
    /** Whether no more lines are kept in the page than these. */
    isFull,
    status: fresh.status,
  };
}

/** The lines that come in after one, gathered for a moment, so that a flood of them is drawn a few times a second. */
function useFreshLines(filter: LogFilter, isWanted: boolean, after: number, onReset: () => void) {
  const [lines, setLines] = useState<LogRecord[]>([]);
  const waiting = useRef<LogRecord[]>([]);
  const timer = useRef<number | undefined>(undefined);
  const key = JSON.stringify(filter);
  const [lastKey, setLastKey] = useState(key);
  if (lastKey !== key) {
    setLastKey(key);
    setLines([]);
  }
  useEffect(() => {
    waiting.current = [];
    return () => {
      window.clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [key]);
  const status = useFollow({
    path: isWanted ? "/logs/stream" : null,
    conditions: conditionsOf(filter),
    kinds: ["log"],
    after: after === 0 ? undefined : String(after),
    onReset,
    onMessage({ data }) {
      const line = JSON.parse(data) as LogRecord;
      if (filter.loggers && !filter.loggers.includes(line.logger)) return;
      waiting.current.push(line);
      timer.current ??= window.setTimeout(() => {
        timer.current = undefined;
        const come = waiting.current;
        waiting.current = [];
        setLines((before) => {
          const last = before.at(-1)?.id ?? 0;
          return [...before, ...come.filter(({ id }) => (id ?? 0) > last)].slice(-MOST_KEPT);
        });
      }, TOLD_EVERY_MS);
    },
  });
  return { lines: lastKey === key ? lines : [], status };
}

function conditionsOf(filter: LogFilter): Record<string, string | string[]> {
  const conditions: Record<string, string | string[]> = {};
  if (filter.flow_run_ids) conditions.flow_run_ids = filter.flow_run_ids;
  if (filter.task_run_ids) conditions.task_run_ids = filter.task_run_ids;
  if (filter.level_at_least != null) conditions.level_at_least = String(filter.level_at_least);
  if (filter.text) conditions.text = filter.text;
  return conditions;
}
