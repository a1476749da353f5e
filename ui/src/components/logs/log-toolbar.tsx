import {
  ArrowDown,
  ArrowUp,
  ChevronDown,
  CircleX,
  Copy,
  Download,
  ListFilter,
  Search,
  WrapText,
  X,
} from "lucide-react";
import { useEffect, useRef, useState } from "react";

import type { LogFilter, LogRecord } from "@/api/types";
import { Button, buttonVariants } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Menu, MenuContent, MenuRadioGroup, MenuRadioItem, MenuTrigger } from "@/components/ui/menu";
import { toast } from "@/components/ui/toast";
import { Tooltip } from "@/components/ui/tooltip";
import { plainOf } from "@/lib/ansi";
import { basePath } from "@/lib/base";
import { LOG_LEVELS, levelOf } from "@/lib/log-levels";
import { countOf, numberOf } from "@/lib/plural";
import { useShortcuts } from "@/lib/shortcuts";

import type { LogConditions } from "./log-viewer";

interface LogToolbarProps {
  conditions: LogConditions;
  onConditions: (conditions: LogConditions) => void;
  loggers: readonly string[];
  /** The task run whose lines alone are shown. */
  taskName: string | undefined;
  /** What the search has found. */
  found: { at: number; ids: number[]; isCapped: boolean } | undefined;
  onStep: (by: 1 | -1) => void;
  onFirstError: () => void;
  isWrapped: boolean;
  onWrap: (isWrapped: boolean) => void;
  lines: readonly LogRecord[];
  filter: LogFilter;
}

const ANY = "any";

/** What can be done with a log: look for something, choose lines, go to the first error, copy, download. */
export function LogToolbar(props: LogToolbarProps) {
  const { conditions, onConditions, loggers, taskName, found, onStep, isWrapped, lines, filter } = props;
  const { level, logger, only = false, text = "" } = conditions;
  return (
    <div
      role="search"
      aria-label="The log"
      className="flex flex-wrap items-center gap-1.5 border-b border-line p-2"
    >
      <SearchField
        text={text}
        onText={(typed) => onConditions({ ...conditions, text: typed })}
        onStep={onStep}
      />
      {text !== "" && (
        <Tooltip label={only ? "Show all lines" : "Show only lines that contain it"}>
          <Button
            variant={only ? "secondary" : "ghost"}
            size="icon"
            aria-label="Only lines that match"
            aria-pressed={only}
            onClick={() => onConditions({ ...conditions, only: !only })}
          >
            <ListFilter />
          </Button>
        </Tooltip>
      )}
      {found !== undefined && (
        <span className="flex items-center text-xs text-ink-muted">
          <span className="tabular px-1" role="status">
            {found.ids.length === 0
              ? "Not found"
              : `${found.at < 0 ? "–" : numberOf(found.at + 1)} of ${numberOf(found.ids.length, found.isCapped)}`}
          </span>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label="The match before"
            disabled={found.ids.length === 0}
            onClick={() => onStep(-1)}
          >
            <ArrowUp />
          </Button>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label="The next match"
            disabled={found.ids.length === 0}
            onClick={() => onStep(1)}
          >
            <ArrowDown />
          </Button>
        </span>
      )}
      <Choice
        label="Level"
        shown={level === undefined ? "All levels" : `${levelOf(level).label} and above`}
        value={level === undefined ? ANY : String(level)}
        options={[
          { value: ANY, label: "All levels" },
          ...LOG_LEVELS.map(({ value, label }) => ({ value: String(value), label: `${label} and above` })),
        ]}
        onChange={(chosen) =>
          onConditions({ ...conditions, level: chosen === ANY ? undefined : Number(chosen) })
        }
      />
      {(loggers.length > 1 || logger !== undefined) && (
        <Choice
          label="Logger"
          shown={logger ?? "All loggers"}
          value={logger ?? ANY}
          options={[
            { value: ANY, label: "All loggers" },
            ...[...new Set([...loggers, ...(logger === undefined ? [] : [logger])])].map((name) => ({
              value: name,
              label: name,
            })),
          ]}
          onChange={(chosen) => onConditions({ ...conditions, logger: chosen === ANY ? undefined : chosen })}
        />
      )}
      {taskName !== undefined && (
        <Button size="md" onClick={() => onConditions({ ...conditions, task: undefined })}>
          <span className="max-w-40 truncate">Task run {taskName}</span> <X aria-label="Show all task runs" />
        </Button>
      )}
      <span className="ml-auto flex items-center gap-0.5">
        <Tooltip label="To the first error (e)">
          <Button variant="ghost" size="icon" aria-label="To the first error" onClick={props.onFirstError}>
            <CircleX />
          </Button>
        </Tooltip>
        <Tooltip label={isWrapped ? "Don’t wrap long lines" : "Wrap long lines"}>
          <Button
            variant={isWrapped ? "secondary" : "ghost"}
            size="icon"
            aria-label="Wrap long lines"
            aria-pressed={isWrapped}
            onClick={() => props.onWrap(!isWrapped)}
          >
            <WrapText />
          </Button>
        </Tooltip>
        <Tooltip label="Copy the lines that are read">
          <Button variant="ghost" size="icon" aria-label="Copy the lines" onClick={() => void copy(lines)}>
            <Copy />
          </Button>
        </Tooltip>
        <Tooltip label="Download all that match">
          <a
            href={downloadAddress(filter)}
            download
            aria-label="Download the log"
            className={buttonVariants({ variant: "ghost", size: "icon" })}
          >
            <Download />
          </a>
        </Tooltip>
      </span>
    </div>
  );
}

const SETTLES_MS = 250;

function SearchField({
  text,
  onText,
  onStep,
}: {
  text: string;
  onText: (text: string) => void;
  onStep: (by: 1 | -1) => void;
}) {
  const [typed, setTyped] = useState(text);
  const [seen, setSeen] = useState(text);
  const field = useRef<HTMLInputElement>(null);
  const tell = useRef(onText);
  useEffect(() => {
    tell.current = onText;
  });
  if (seen !== text) {
    setSeen(text);
    setTyped(text);
  }
  useEffect(() => {
    if (typed === seen) return;
    const timer = window.setTimeout(() => tell.current(typed), SETTLES_MS);
    return () => window.clearTimeout(timer);
  }, [typed, seen]);
  useShortcuts({ "/": () => field.current?.focus() });
  return (
    <div className="relative w-full sm:w-64">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-2.25 left-2.5 size-3.5 text-ink-faint"
      />
      <Input
        ref={field}
        type="search"
        aria-label="Search the log"
        placeholder="Search the log"
        maxLength={200}
        className="pl-8!"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            onStep(event.shiftKey ? -1 : 1);
          } else if (event.key === "Escape") field.current?.blur();
        }}
      />
    </div>
  );
}

interface ChoiceProps {
  label: string;
  shown: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}

function Choice({ label, shown, value, options, onChange }: ChoiceProps) {
  return (
    <Menu>
      <MenuTrigger
        render={
          <Button aria-label={`${label}: ${shown}`}>
            <span className="max-w-40 truncate">{shown}</span>
            <ChevronDown className="text-ink-faint" />
          </Button>
        }
      />
      <MenuContent align="start">
        <MenuRadioGroup value={value} onValueChange={(chosen) => onChange(String(chosen))}>
          {options.map((option) => (
            <MenuRadioItem key={option.value} value={option.value}>
              {option.label}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  );
}

async function copy(lines: readonly LogRecord[]) {
  const text = lines
    .map(
      (line) =>
        `${line.timestamp} ${levelOf(line.level).label.toUpperCase()} ${line.logger} ${plainOf(line.message)}`,
    )
    .join("\n");
  try {
    await navigator.clipboard.writeText(text);
    toast.done(`${countOf(lines.length, "line")} copied`);
  } catch (error) {
    toast.failed("Nothing was copied", error);
  }
}

function downloadAddress(filter: LogFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  return `${basePath}/api/logs/download?${query}`;
}
