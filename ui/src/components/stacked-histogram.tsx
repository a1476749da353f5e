import { useState } from "react";

import type { Histogram } from "@/api/types";
import { cn } from "@/lib/cn";
import { numberOf } from "@/lib/plural";
import { usePreferences } from "@/lib/preferences";
import { roundScale, STACK_ORDER, summed, totalOf } from "@/lib/stacks";
import { labelOfType, toneOf, type StateType } from "@/lib/states";
import { ownZone } from "@/lib/time";

type Bucket = Histogram["buckets"][number];

interface StackedHistogramProps {
  histogram: Histogram;
  /** What is counted, for screen readers. */
  label: string;
  /** The viewer wants to see the runs of a stretch of time. */
  onBucket: (after: string, before: string) => void;
  /** The viewer wants to see the runs in states of a type. */
  onType: (type: StateType) => void;
}

const TICKS = 5;

/** Runs over time by the type of their state: a bar a stretch of time. The legend counts what the pointer or the focus is on. */
export function StackedHistogram({ histogram, label, onBucket, onType }: StackedHistogramProps) {
  const { buckets } = histogram;
  const [at, setAt] = useState<number | null>(null);
  const { zone } = usePreferences();
  const inZone = zone || ownZone();
  const pointed = at === null ? undefined : buckets[at];
  const counts = summed(pointed === undefined ? buckets.map((bucket) => bucket.by_type) : [pointed.by_type]);
  const present = new Set(
    STACK_ORDER.filter((type) => buckets.some((bucket) => (bucket.by_type[type] ?? 0) > 0)),
  );
  const scale = roundScale(Math.max(0, ...buckets.map((bucket) => totalOf(bucket.by_type))));
  const end = (index: number) =>
    new Date(Date.parse(buckets[index]!.start) + histogram.bucket_seconds * 1000).toISOString();
  const stretch = (index: number) =>
    `${clock(buckets[index]!.start, histogram.bucket_seconds, inZone)} – ${clock(end(index), histogram.bucket_seconds, inZone)}`;

  return (
    <div className="px-4 pb-3">
      <div className="flex min-h-7 flex-wrap items-center gap-x-4 gap-y-1 text-xs">
        {[...STACK_ORDER].reverse().map(
          (type) =>
            present.has(type) && (
              <button
                key={type}
                type="button"
                className={`tone-${toneOf(type)} -mx-1 flex items-center gap-1.5 rounded px-1 text-ink-muted hover:text-ink`}
                onClick={() => onType(type)}
              >
                <span aria-hidden className="tone-fill size-2 rounded-xs" />
                {labelOfType(type)}
                <span className="tabular font-medium text-ink">{numberOf(counts[type])}</span>
              </button>
            ),
        )}
        <span className="tabular ml-auto text-ink-faint">{at === null ? "" : stretch(at)}</span>
      </div>
      <div className="relative mt-2 h-36">
        <Grid scale={scale} />
        <div className="absolute inset-y-0 right-0 left-9 flex items-end" onMouseLeave={() => setAt(null)}>
          {buckets.map((bucket, index) => (
            <Bar
              key={bucket.start}
              bucket={bucket}
              scale={scale}
              label={`${stretch(index)}: ${said(bucket)} ${label}`}
              onPoint={() => setAt(index)}
              onLeave={() => setAt(null)}
              onOpen={() => onBucket(bucket.start, end(index))}
            />
          ))}
        </div>
      </div>
      <div aria-hidden className="tabular mt-1.5 ml-9 flex justify-between text-2xs text-ink-faint">
        {Array.from({ length: TICKS }, (_, tick) => {
          const index = Math.round((tick * (buckets.length - 1)) / (TICKS - 1));
          const bucket = buckets[index];
          return (
            <span key={tick} className={cn(tick % 2 === 1 && "hidden sm:inline")}>
              {bucket && clock(bucket.start, histogram.bucket_seconds, inZone)}
            </span>
          );
        })}
      </div>
      {histogram.counted_from && (
        <p className="mt-2 text-xs text-ink-muted">
          There are too many runs to count them all: the newest are counted.
        </p>
      )}
    </div>
  );
}

function Grid({ scale }: { scale: number }) {
  return (
    <div
      aria-hidden
      className="tabular absolute inset-0 flex flex-col justify-between text-2xs text-ink-faint"
    >
      {[scale, scale / 2, 0].map((value) => (
        <div key={value} className="flex h-0 items-center gap-2">
          <span className="w-7 shrink-0 text-right">{Number.isInteger(value) ? numberOf(value) : ""}</span>
          <span className={cn("h-px flex-1", value === 0 ? "bg-line-strong" : "bg-line")} />
        </div>
      ))}
    </div>
  );
}

interface BarProps {
  bucket: Bucket;
  scale: number;
  label: string;
  onPoint: () => void;
  onLeave: () => void;
  onOpen: () => void;
}

function Bar({ bucket, scale, label, onPoint, onLeave, onOpen }: BarProps) {
  const isEmpty = totalOf(bucket.by_type) === 0;
  return (
    <button
      type="button"
      aria-label={label}
      tabIndex={isEmpty ? -1 : 0}
      disabled={isEmpty}
      className="group flex h-full min-w-0 flex-1 flex-col-reverse px-px hover:bg-hover disabled:hover:bg-transparent"
      onMouseEnter={onPoint}
      onFocus={onPoint}
      onBlur={onLeave}
      onClick={onOpen}
    >
      {STACK_ORDER.map((type) => {
        const count = bucket.by_type[type] ?? 0;
        if (count === 0) return null;
        return (
          <span
            key={type}
            className={`tone-${toneOf(type)} tone-fill block min-h-0.5 w-full shrink-0 first:rounded-b-xs last:rounded-t-xs`}
            style={{ height: `${(count / scale) * 100}%` }}
          />
        );
      })}
    </button>
  );
}

function said(bucket: Bucket): string {
  const parts = STACK_ORDER.filter((type) => (bucket.by_type[type] ?? 0) > 0);
  if (parts.length === 0) return "no";
  return parts.map((type) => `${bucket.by_type[type]} ${labelOfType(type).toLowerCase()}`).join(", ");
}

const DAY = 86_400;

/** Says an instant as finely as the buckets are. */
function clock(instant: string, bucketSeconds: number, zone: string): string {
  const date = new Intl.DateTimeFormat("en-GB", { timeZone: zone, day: "numeric", month: "short" });
  const time = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  const at = new Date(instant);
  if (bucketSeconds >= DAY / 2) return date.format(at);
  return bucketSeconds > 3_600 ? `${date.format(at)} ${time.format(at)}` : time.format(at);
}
