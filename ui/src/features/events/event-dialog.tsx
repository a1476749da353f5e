import type { ReactNode } from "react";

import type { Event } from "@/api/types";
import { CodeBlock } from "@/components/code-block";
import { CopyButton } from "@/components/copy-button";
import { ErrorPanel } from "@/components/error-panel";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import { resourceOf } from "@/lib/resources";
import { useEvent } from "@/queries/use-event";

import { EventName } from "./event-name";
import { ResourceLink } from "./resource-link";

interface EventDialogProps {
  id: string;
  /** The event, where the list has it. */
  known: Event | undefined;
  /** Looks at another event, or at none. */
  onLook: (id: string | undefined) => void;
}

/** All that an event tells. */
export function EventDialog({ id, known, onLook }: EventDialogProps) {
  const event = useEvent(id, known);
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onLook(undefined)}>
      <DialogContent title={event.data ? <EventName event={event.data} /> : "Event"} className="max-w-2xl">
        {event.isPending && <Skeleton className="h-40 w-full" />}
        {event.isError && (
          <ErrorPanel what="The event" error={event.error} onRetry={() => void event.refetch()} />
        )}
        {event.data === null && (
          <p className="py-6 text-center text-ink-muted">
            The event is kept no longer, or it tells of a task run: those are derived from the task run’s
            record.
          </p>
        )}
        {event.data && <Told event={event.data} onLook={onLook} />}
      </DialogContent>
    </Dialog>
  );
}

function Told({ event, onLook }: { event: Event; onLook: EventDialogProps["onLook"] }) {
  const payload = JSON.stringify(event.payload ?? {}, null, 2);
  const related = (event.related ?? []).map(resourceOf);
  const others = Object.entries(event.resource).filter(([label]) => !label.startsWith("penstock.resource."));
  return (
    <div className="space-y-4">
      <dl className="grid grid-cols-[6.5rem_1fr] gap-x-4 gap-y-2">
        <Row label="Occurred">
          <Time at={event.occurred} style="absolute" />
        </Row>
        <Row label="Of">
          <ResourceLink resource={resourceOf(event.resource)} className="font-medium" />
          <code className="truncate font-mono text-xs text-ink-faint">
            {event.resource["penstock.resource.id"]}
          </code>
        </Row>
        {others.map(([label, value]) => (
          <Row key={label} label={label}>
            <span className="break-all">{value}</span>
          </Row>
        ))}
        <Row label="Event">
          <code className="truncate font-mono text-xs text-ink-muted">{event.id}</code>
          <CopyButton text={event.id} label="Copy the event’s id" />
        </Row>
        {(event.position ?? 0) > 0 && (
          <Row label="Position">
            <span className="tabular">{event.position}</span>
          </Row>
        )}
        {event.follows && (
          <Row label="Follows">
            <Button
              variant="ghost"
              size="sm"
              className="-ml-2 font-mono!"
              onClick={() => onLook(event.follows ?? undefined)}
            >
              {event.follows}
            </Button>
          </Row>
        )}
      </dl>
      {related.length > 0 && (
        <section>
          <h3 className="mb-1.5 text-xs font-medium text-ink-faint">Related to</h3>
          <ul className="max-h-48 overflow-y-auto rounded-lg border border-line">
            {related.map((resource, index) => (
              <li
                key={`${index} ${resource.id}`}
                className="flex min-h-8 items-center gap-3 border-line px-3 not-first:border-t"
              >
                <span className="w-28 shrink-0 truncate text-xs text-ink-faint">
                  {resource.role ?? resource.kind}
                </span>
                <ResourceLink resource={resource} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <header className="mb-1.5 flex items-center justify-between">
          <h3 className="text-xs font-medium text-ink-faint">Payload</h3>
          <CopyButton text={payload} label="Copy the payload" />
        </header>
        <CodeBlock
          label="Payload"
          text={payload}
          className="max-h-80 rounded-lg border border-line bg-sunken p-3"
        />
      </section>
    </div>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="truncate text-ink-faint" title={label}>
        {label}
      </dt>
      <dd className="flex min-w-0 flex-wrap items-center gap-x-2">{children}</dd>
    </>
  );
}
