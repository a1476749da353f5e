import { Link } from "@tanstack/react-router";
import { memo } from "react";

import type { LogRecord } from "@/api/types";
import { piecesOf, type Piece } from "@/lib/ansi";
import { cn } from "@/lib/cn";
import { levelOf, toneOfLevel } from "@/lib/log-levels";
import { usePreferences } from "@/lib/preferences";
import { formatFull, ownZone } from "@/lib/time";

interface LogLineProps {
  line: LogRecord;
  /** What is looked for, and marked. */
  search: string;
  isCurrent: boolean;
  isWrapped: boolean;
  /** The name of the task run that logged it; nothing is shown of tasks where it is not given. */
  taskName?: string;
}

/** One line of a log: when, its level, who logged it, and what it says, as text whatever it holds. */
export const LogLine = memo(function LogLine(props: LogLineProps) {
  const { line, search, isCurrent, isWrapped, taskName } = props;
  const { zone } = usePreferences();
  const tone = toneOfLevel(line.level);
  const level = levelOf(line.level);
  return (
    <div
      className={cn(
        "flex flex-wrap gap-x-3 border-l-2 px-3 py-px font-mono text-xs leading-5 [font-variant-ligatures:none] hover:bg-hover sm:flex-nowrap",
        isCurrent ? "border-accent bg-accent-soft" : "border-transparent",
        tone !== undefined && `tone-${tone} tone-wash`,
      )}
    >
      <time
        dateTime={line.timestamp}
        title={formatFull(new Date(line.timestamp), zone || ownZone())}
        className="shrink-0 text-ink-faint select-none"
      >
        {clockOf(line.timestamp, zone || ownZone())}
      </time>
      <span
        title={level.label}
        className={cn(
          "w-3 shrink-0 select-none",
          tone === undefined ? "text-ink-faint" : "tone-ink font-semibold",
        )}
      >
        {level.letter}
        <span className="sr-only">{level.label.slice(1)}</span>
      </span>
      {taskName !== undefined &&
        (line.task_run_id ? (
          <Link
            to="/task-runs/$taskRunId"
            params={{ taskRunId: line.task_run_id }}
            preload={false}
            title={`Task run ${taskName}`}
            className="w-28 shrink-0 truncate text-ink-muted hover:underline lg:w-36"
          >
            {taskName || line.task_run_id.slice(-8)}
          </Link>
        ) : (
          <span className="hidden w-28 shrink-0 text-ink-faint sm:block lg:w-36">flow</span>
        ))}
      <span
        className={cn(
          "w-full min-w-0 flex-1 basis-full sm:basis-auto",
          isWrapped ? "break-words whitespace-pre-wrap" : "whitespace-pre",
        )}
      >
        {piecesOf(line.message).map((piece, index) => (
          <Text key={index} piece={piece} search={search} />
        ))}
      </span>
    </div>
  );
});

function Text({ piece, search }: { piece: Piece; search: string }) {
  if (search === "") return <span className={piece.className || undefined}>{piece.text}</span>;
  const parts = splitAt(piece.text, search);
  return (
    <span className={piece.className || undefined}>
      {parts.map((part, index) =>
        index % 2 === 1 ? (
          <mark key={index} className="rounded-xs bg-accent/35 text-ink">
            {part}
          </mark>
        ) : (
          part
        ),
      )}
    </span>
  );
}

const MOST_MARKED = 50;

/** Returns what is beside a text and the text itself in turn, as it is written, upper and lower case alike. */
function splitAt(text: string, search: string): string[] {
  const parts: string[] = [];
  const [lower, wanted] = [text.toLowerCase(), search.toLowerCase()];
  let from = 0;
  while (parts.length < MOST_MARKED * 2) {
    const at = lower.indexOf(wanted, from);
    if (at < 0) break;
    parts.push(text.slice(from, at), text.slice(at, at + wanted.length));
    from = at + wanted.length;
  }
  parts.push(text.slice(from));
  return parts;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(instant: string, zone: string): string {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      fractionalSecondDigits: 3,
    });
    clocks.set(zone, clock);
  }
  return clock.format(new Date(instant));
}
