import type { Event, EventFilter } from "@/api/types";
import { windowStart, type Window } from "@/lib/windows";

/** What the address of the page says. */
export interface EventsSearch {
  event?: string[];
  resource?: string[];
  related?: string[];
  window?: Window;
  from?: string;
  to?: string;
  /** The event that is looked at. */
  id?: string;
}

const TASK_RUNS = "penstock.task-run.";

function instantOf(instant: string | undefined): string | undefined {
  const time = instant === undefined ? Number.NaN : Date.parse(instant);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function some(values: string[] | undefined): string[] | undefined {
  return values === undefined || values.length === 0 ? undefined : values;
}

/** Returns the filter of events that an address means. */
export function eventFilter(given: EventsSearch, now: number): EventFilter {
  const filter: EventFilter = {};
  const after = given.window === undefined ? instantOf(given.from) : windowStart(given.window, now);
  const before = given.window === undefined ? instantOf(given.to) : undefined;
  if (some(given.event)) filter.events = given.event!;
  if (some(given.resource)) filter.resource_ids = given.resource!;
  if (some(given.related)) filter.related_ids = given.related!;
  if (after !== undefined) filter.after = after;
  if (before !== undefined) filter.before = before;
  return filter;
}

/** Whether a filter means events of task runs: these are told by themselves, to who asks for them. */
export function meansTaskRuns({ events, resource_ids }: EventFilter): boolean {
  return (events ?? resource_ids ?? []).some((name) => name.startsWith(TASK_RUNS));
}

/** Whether an event that came in is one that a filter means, as the server would decide it. */
export function isMeant(event: Event, filter: EventFilter): boolean {
  const id = (labels: Record<string, string>) => labels["penstock.resource.id"] ?? "";
  if (filter.before != null) return false; // what happens now is later than that
  return (
    (filter.events == null || filter.events.some((name) => isCalled(event.event, name))) &&
    (filter.resource_ids == null || filter.resource_ids.includes(id(event.resource))) &&
    (filter.related_ids == null ||
      (event.related ?? []).some((labels) => filter.related_ids!.includes(id(labels)))) &&
    (filter.after == null || Date.parse(event.occurred) >= Date.parse(filter.after))
  );
}

function isCalled(event: string, name: string): boolean {
  return name.endsWith("*") ? event.startsWith(name.slice(0, -1)) : event === name;
}
