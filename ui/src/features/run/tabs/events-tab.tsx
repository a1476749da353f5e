import { Zap } from "lucide-react";
import { useState } from "react";

import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { EventList } from "@/components/runs/event-list";
import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { useRelatedEvents } from "@/queries/use-related-events";

/** What happened to a flow run, and what happened in relation to it. */
export function EventsTab({ runId }: { runId: string }) {
  const [of, setOf] = useState<"itself" | "related">("itself");
  const events = useRelatedEvents(runId, of);
  const rows = events.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-label="Events" className="rounded-xl border border-line bg-surface shadow-panel">
      <div className="flex items-center justify-between gap-3 border-b border-line p-2">
        <Segmented
          label="Which events"
          value={of}
          options={[
            { value: "itself", label: "Of the run" },
            { value: "related", label: "Related to it" },
          ]}
          onChange={setOf}
        />
      </div>
      {events.isPending && <Skeleton className="m-4 h-24" />}
      {events.isError && (
        <div className="p-3">
          <ErrorPanel what="The events" error={events.error} onRetry={() => void events.refetch()} />
        </div>
      )}
      {events.isSuccess && rows.length === 0 && <EmptyState icon={Zap} title="No event is known" />}
      <EventList events={rows} label="Events, the newest first" />
      {events.hasNextPage && (
        <div className="border-t border-line p-2 text-center">
          <Button size="sm" disabled={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            Show older events
          </Button>
        </div>
      )}
    </section>
  );
}
