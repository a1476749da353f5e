import { useVirtualizer } from "@tanstack/react-virtual";
import { ScrollText, SearchX } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";

import type { LogFilter } from "@/api/types";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { cn } from "@/lib/cn";
import { countOf } from "@/lib/plural";
import { useShortcuts } from "@/lib/shortcuts";
import { findLines, useLogMatches } from "@/queries/use-log-matches";
import { useTaskRunNames } from "@/queries/use-task-run-names";

import { LogLine } from "./log-line";
import { LogToolbar } from "./log-toolbar";
import { useLogLines, type LogPlace } from "./use-log-lines";

/** Which lines of a log are shown, as the address says it. */
export interface LogConditions {
  /** The least level. */
  level?: number;
  logger?: string;
  /** The id of the task run that logged them. */
  task?: string;
  /** What is looked for. */
  text?: string;
  /** Whether only lines that contain the text are shown. */
  only?: boolean;
}

interface LogViewerProps {
  /** Whose lines. */
  of: { flow_run_ids: string[] } | { task_run_ids: string[] };
  /** Whether lines still come in. */
  isLive: boolean;
  conditions: LogConditions;
  onConditions: (conditions: LogConditions) => void;
  /** Whether lines say which task run logged them. */
  showsTasks?: boolean;
}

const NEAR = 100;

/** The log of a run: live, of any length, to search, to filter and to take along. */
export function LogViewer({ of, isLive, conditions, onConditions, showsTasks = false }: LogViewerProps) {
  const { level, logger, task, text = "", only = false } = conditions;
  const key = JSON.stringify([of, level, logger, task, only ? text : ""]);
  const filter = useMemo(() => filterOf(key), [key]);
  const [placed, setPlaced] = useState<{ key: string; place: LogPlace }>(() => ({
    key,
    place: isLive ? "last" : "first",
  }));
  const place = placed.key === key ? placed.place : isLive ? "last" : "first";
  const setPlace = (where: LogPlace) => setPlaced({ key, place: where });
  const log = useLogLines({ filter, place, isLive });
  const { lines, readMore } = log;

  const ids = useMemo(() => (showsTasks ? distinctTasks(lines) : []), [showsTasks, lines]);
  const names = useTaskRunNames(ids).data;
  const loggers = useMemo(() => [...new Set(lines.map((line) => line.logger))].slice(0, 30).sort(), [lines]);
  const [isWrapped, setWrapped] = useState(true);

  const search = only ? "" : text;
  const matches = useLogMatches(filter, search);
  const [current, setCurrent] = useState<number | null>(null);

  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 22,
    getItemKey: (index) => lines[index]!.id ?? index,
    overscan: 20,
  });
  const items = virtualizer.getVirtualItems();

  // Whoever looks at the end sees what comes; who reads further up is left in peace.
  const isAtEnd = useRef(true);
  const last = lines.at(-1)?.id;
  const first = lines[0]?.id;
  useEffect(() => {
    if (place === "last" && isAtEnd.current && lines.length > 0) {
      virtualizer.scrollToIndex(lines.length - 1, { align: "end" });
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when the end has moved
  }, [last, place]);
  // Older lines come in above: what was in sight stays there.
  const firstBefore = useRef(first);
  useEffect(() => {
    if (
      place === "last" &&
      firstBefore.current !== undefined &&
      firstBefore.current !== first &&
      !isAtEnd.current
    ) {
      const index = lines.findIndex(({ id }) => id === firstBefore.current);
      if (index > 0) virtualizer.scrollToIndex(index, { align: "start" });
    }
    firstBefore.current = first;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when the beginning has moved
  }, [first, place]);

  const [firstShown, lastShown] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => {
    const isNear = place === "last" ? firstShown < NEAR && !isAtEnd.current : lastShown > lines.length - NEAR;
    if (isNear && lines.length > 0) readMore?.();
  }, [firstShown, lastShown, lines.length, place, readMore]);

  const goal = useRef<number | null>(null);
  useEffect(() => {
    if (goal.current === null) return;
    const index = lines.findIndex(({ id }) => id === goal.current);
    if (index < 0) return;
    goal.current = null;
    virtualizer.scrollToIndex(index, { align: "center" });
  });
  function goTo(id: number | undefined) {
    if (id === undefined) return;
    isAtEnd.current = false;
    goal.current = id;
    setCurrent(id);
    if (!lines.some((line) => line.id === id)) setPlace(id);
  }
  const found = matches.data?.ids ?? [];
  const at = current === null ? -1 : found.indexOf(current);
  const step = (by: 1 | -1) =>
    goTo(found[at < 0 ? (by > 0 ? 0 : found.length - 1) : (at + by + found.length) % found.length]);

  async function goToFirstError() {
    try {
      const errors = await findLines({ ...filter, level_at_least: Math.max(40, level ?? 0) }, 1);
      if (errors.ids.length === 0) toast.done("No error is in this log");
      else goTo(errors.ids[0]);
    } catch (error) {
      toast.failed("The first error can’t be looked for", error);
    }
  }

  function goToEnd(end: "first" | "last") {
    isAtEnd.current = end === "last";
    setCurrent(null);
    setPlace(end);
    if (place === end && lines.length > 0) {
      virtualizer.scrollToIndex(end === "last" ? lines.length - 1 : 0, {
        align: end === "last" ? "end" : "start",
      });
    }
  }
  useShortcuts({ e: () => void goToFirstError(), n: () => step(1), N: () => step(-1) });

  const isFiltered =
    level !== undefined || logger !== undefined || task !== undefined || (only && text !== "");
  return (
    <div className="rounded-xl border border-line bg-surface shadow-panel">
      <LogToolbar
        conditions={conditions}
        onConditions={(changed) => {
          setCurrent(null);
          onConditions(changed);
        }}
        loggers={loggers}
        taskName={task === undefined ? undefined : (names?.[task] ?? task.slice(-8))}
        found={search === "" || matches.data === undefined ? undefined : { at, ...matches.data }}
        onStep={step}
        onFirstError={() => void goToFirstError()}
        isWrapped={isWrapped}
        onWrap={setWrapped}
        lines={lines}
        filter={filter}
      />
      {log.error !== null && (
        <div className="p-3">
          <ErrorPanel what="The log" error={log.error} onRetry={log.retry} />
        </div>
      )}
      {log.isPending && (
        <div className="space-y-2 p-4">
          <Skeleton className="h-4 w-2/3" />
          <Skeleton className="h-4 w-1/2" />
          <Skeleton className="h-4 w-3/5" />
        </div>
      )}
      {!log.isPending && log.error === null && lines.length === 0 && (
        <EmptyState
          icon={isFiltered ? SearchX : ScrollText}
          title={
            isFiltered ? "No line matches" : isLive ? "Nothing has been logged yet" : "Nothing was logged"
          }
        >
          {isFiltered
            ? "Take a condition away to see more."
            : "What the flow and its tasks log by get_run_logger() appears here, and what they print where log_prints is on."}
        </EmptyState>
      )}
      {typeof place === "number" && (
        <p className="flex flex-wrap items-center gap-2 border-b border-line bg-accent-soft px-3 py-1.5 text-xs">
          Lines around the one that was found.
          <Button size="sm" variant="ghost" onClick={() => goToEnd("first")}>
            Back to the whole log
          </Button>
        </p>
      )}
      {lines.length > 0 && (
        <div
          ref={scroller}
          role="log"
          aria-label="Log lines"
          aria-live="off"
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
          tabIndex={0}
          className="h-[min(70vh,48rem)] overflow-auto py-1"
          onScroll={(event) => {
            const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
            isAtEnd.current = scrollHeight - scrollTop - clientHeight < 30;
          }}
        >
          <div
            className={cn("relative w-full", !isWrapped && "min-w-max")}
            style={{ height: virtualizer.getTotalSize() }}
          >
            <div
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}
            >
              {items.map((item) => {
                const line = lines[item.index]!;
                return (
                  <div key={item.key} data-index={item.index} ref={virtualizer.measureElement}>
                    <LogLine
                      line={line}
                      search={text}
                      isCurrent={line.id === current}
                      isWrapped={isWrapped}
                      taskName={showsTasks ? (names?.[line.task_run_id ?? ""] ?? "") : undefined}
                    />
                  </div>
                );
              })}
            </div>
          </div>
        </div>
      )}
      <footer className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-3 py-1.5 text-xs text-ink-muted">
        <span className="tabular">
          {countOf(lines.length, "line")}
          {log.hasMore && ", with more to read"}
          {log.isFull && ": more are not kept in the page, but in the download"}
        </span>
        {isLive && (
          <span className="flex items-center gap-1.5" role="status">
            <span
              aria-hidden
              className={cn(
                "size-1.5 rounded-full",
                log.status === "down" ? "tone-late tone-fill" : "tone-completed tone-fill",
              )}
            />
            {log.status === "down" ? "Not live: the stream is away" : "Live"}
          </span>
        )}
        <span className="ml-auto flex gap-1">
          <Button size="sm" variant="ghost" onClick={() => goToEnd("first")}>
            To the beginning
          </Button>
          <Button size="sm" variant="ghost" onClick={() => goToEnd("last")}>
            To the end
          </Button>
        </span>
      </footer>
    </div>
  );
}

function filterOf(key: string): LogFilter {
  const [of, level, logger, task, text] = JSON.parse(key) as [
    LogFilter,
    number | null,
    string | null,
    string | null,
    string,
  ];
  const filter: LogFilter = { ...of };
  if (level !== null) filter.level_at_least = level;
  if (logger !== null) filter.loggers = [logger];
  if (task !== null) filter.task_run_ids = [task];
  if (text !== "") filter.text = text;
  return filter;
}

function distinctTasks(lines: readonly { task_run_id?: string | null }[]): string[] {
  const ids = new Set<string>();
  for (const { task_run_id } of lines) if (task_run_id) ids.add(task_run_id);
  return [...ids];
}
