import { ChevronRight } from "lucide-react";
import { useState } from "react";

import { cn } from "@/lib/cn";
import { countOf, numberOf } from "@/lib/plural";

import { CopyButton } from "./copy-button";
import { Button } from "./ui/button";

type Json = unknown;

const SHOWN = 100;
const OPEN_DEPTH = 2;
const LONG = 400;

/** A value as JSON that folds; long lists and texts are cut until they are asked for. */
export function JsonView({ value, label }: { value: Json; label: string }) {
  return (
    <div className="relative">
      <div className="absolute top-0 right-2 z-10">
        <CopyButton text={JSON.stringify(value, null, 2)} label={`Copy ${label} as JSON`} />
      </div>
      <div
        role="region"
        aria-label={label}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
        tabIndex={0}
        className="max-h-[34rem] overflow-auto pr-10 font-mono text-xs leading-5"
      >
        <Value value={value} depth={0} />
      </div>
    </div>
  );
}

interface ValueProps {
  name?: string;
  value: Json;
  depth: number;
}

function Value({ name, value, depth }: ValueProps) {
  if (typeof value === "object" && value !== null) return <Branch name={name} value={value} depth={depth} />;
  return (
    <div className="flex" style={{ paddingLeft: `${depth * 1.1 + 1}rem` }}>
      <Name name={name} />
      <Leaf value={value} />
    </div>
  );
}

function Branch({ name, value, depth }: { name: string | undefined; value: object; depth: number }) {
  const entries = Object.entries(value);
  const isList = Array.isArray(value);
  const [isOpen, setOpen] = useState(depth < OPEN_DEPTH && entries.length <= SHOWN);
  const [most, setMost] = useState(SHOWN);
  const [begin, end] = isList ? ["[", "]"] : ["{", "}"];
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        className="flex w-full items-center rounded text-left hover:bg-hover"
        style={{ paddingLeft: `${depth * 1.1}rem` }}
        onClick={() => setOpen(!isOpen)}
      >
        <ChevronRight
          aria-hidden
          className={cn("mr-0.5 size-3.5 shrink-0 text-ink-faint", isOpen && "rotate-90")}
        />
        <Name name={name} />
        <span className="text-ink-faint">
          {isOpen && entries.length > 0 ? begin : `${begin}${entries.length === 0 ? "" : "…"}${end}`}
          {!isOpen && entries.length > 0 && ` ${countOf(entries.length, isList ? "item" : "field")}`}
        </span>
      </button>
      {isOpen && (
        <>
          {entries.slice(0, most).map(([key, one]) => (
            <Value key={key} name={isList ? undefined : key} value={one} depth={depth + 1} />
          ))}
          {entries.length > most && (
            <div style={{ paddingLeft: `${depth * 1.1 + 2}rem` }}>
              <Button size="sm" variant="ghost" onClick={() => setMost(most + SHOWN * 5)}>
                {numberOf(entries.length - most)} more
              </Button>
            </div>
          )}
          {entries.length > 0 && (
            <div className="text-ink-faint" style={{ paddingLeft: `${depth * 1.1 + 1}rem` }}>
              {end}
            </div>
          )}
        </>
      )}
    </div>
  );
}

function Name({ name }: { name: string | undefined }) {
  return name === undefined ? null : <span className="mr-1.5 shrink-0 text-accent">{name}:</span>;
}

function Leaf({ value }: { value: Json }) {
  const [isWhole, setWhole] = useState(false);
  if (typeof value !== "string") return <span className="tone-running tone-ink">{String(value)}</span>;
  const isLong = value.length > LONG && !isWhole;
  return (
    <span className="min-w-0 break-words whitespace-pre-wrap">
      {`"${isLong ? `${value.slice(0, LONG)}…` : value}"`}
      {isLong && (
        <Button size="sm" variant="ghost" onClick={() => setWhole(true)}>
          {numberOf(value.length)} characters
        </Button>
      )}
    </span>
  );
}
