import { Link } from "@tanstack/react-router";
import { useState } from "react";

import type { Event } from "@/api/types";
import { JsonView } from "@/components/json-view";
import { Time } from "@/components/time";

const MOST_SHOWN_RESOURCE = 60;

/** Events, each of which opens to all that it tells. */
export function EventList({ events, label }: { events: readonly Event[]; label: string }) {
  return (
    <ul aria-label={label} className="divide-y divide-line">
      {events.map((event) => (
        <EventRow key={event.id} event={event} />
      ))}
    </ul>
  );
}

function EventRow({ event }: { event: Event }) {
  const [isOpen, setOpen] = useState(false);
  const name = event.resource["penstock.resource.name"];
  const id = event.resource["penstock.resource.id"] ?? "";
  return (
    <li>
      <button
        type="button"
        aria-expanded={isOpen}
        className="flex w-full flex-wrap items-baseline gap-x-3 px-4 py-2 text-left hover:bg-hover"
        onClick={() => setOpen(!isOpen)}
      >
        <span className="min-w-0 font-medium break-all">{event.event}</span>
        <span className="min-w-0 flex-1 truncate text-ink-muted">
          {(name ?? id).slice(0, MOST_SHOWN_RESOURCE)}
        </span>
        <Time at={event.occurred} className="shrink-0 text-xs text-ink-muted" />
      </button>
      {isOpen && (
        <div className="px-4 pb-3">
          <ResourceLink id={id} />
          <JsonView label={`The event ${event.event}`} value={event} />
        </div>
      )}
    </li>
  );
}

function ResourceLink({ id }: { id: string }) {
  const [, kind, run] = /^penstock\.(flow-run|task-run)\.([0-9a-f-]{36})$/.exec(id) ?? [];
  if (run === undefined) return null;
  const style = "mb-1 inline-block rounded text-xs text-accent hover:underline";
  return kind === "flow-run" ? (
    <Link to="/runs/$runId" params={{ runId: run }} preload={false} className={style}>
      Open the flow run
    </Link>
  ) : (
    <Link to="/task-runs/$taskRunId" params={{ taskRunId: run }} preload={false} className={style}>
      Open the task run
    </Link>
  );
}
