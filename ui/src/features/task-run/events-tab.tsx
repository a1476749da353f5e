import { ErrorPanel } from "@/components/error-panel";
import { EventList } from "@/components/runs/event-list";
import { Skeleton } from "@/components/ui/skeleton";
import { useTaskRunEvents } from "@/queries/use-task-run-events";

/** The events of a task run. */
export function EventsTab({ id }: { id: string }) {
  const events = useTaskRunEvents(id);
  if (events.isPending) return <Skeleton className="h-32 w-full rounded-xl" />;
  if (events.isError)
    return <ErrorPanel what="The events" error={events.error} onRetry={() => void events.refetch()} />;
  return (
    <section aria-label="Events" className="rounded-xl border border-line bg-surface shadow-panel">
      <EventList events={events.data.items.toReversed()} label="Events, the newest first" />
    </section>
  );
}
