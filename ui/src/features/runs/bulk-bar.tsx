import { Ban, RotateCw, Trash2, X } from "lucide-react";
import { useState } from "react";

import type { FlowRunFilter } from "@/api/types";
import { Button } from "@/components/ui/button";
import { countOf } from "@/lib/plural";
import type { BulkAction } from "@/queries/use-bulk-action";

import { BulkDialog } from "./bulk-dialog";

interface BulkBarProps {
  /** The ids of the runs that are selected. */
  selected: readonly string[];
  /** What the whole list means, for "all that match". */
  filter: FlowRunFilter;
  /** How many that are, in words. */
  total: string | undefined;
  /** Whether there are more than those that are loaded. */
  hasMore: boolean;
  onClear: () => void;
}

const MOST_SELECTED = 500;

/** What can be done with the runs that are selected, or with all that the filter means. */
export function BulkBar({ selected, filter, total, hasMore, onClear }: BulkBarProps) {
  const [action, setAction] = useState<BulkAction | null>(null);
  const [isAll, setAll] = useState(false);
  const meansAll = isAll || selected.length > MOST_SELECTED;
  return (
    <div
      role="region"
      aria-label="Selected runs"
      className="fixed bottom-4 left-1/2 z-30 flex max-w-[calc(100vw-1rem)] -translate-x-1/2 flex-wrap items-center justify-center gap-1 rounded-xl border border-line bg-surface p-1.5 pl-4 shadow-float md:ml-26"
    >
      <span className="mr-2 font-medium">
        {meansAll ? `All ${total ?? "runs"}` : `${countOf(selected.length, "run")} selected`}
      </span>
      {hasMore && !meansAll && (
        <Button variant="ghost" size="sm" className="text-accent!" onClick={() => setAll(true)}>
          Select all {total}
        </Button>
      )}
      <Button variant="ghost" size="sm" onClick={() => setAction("cancel")}>
        <Ban /> Cancel
      </Button>
      <Button variant="ghost" size="sm" onClick={() => setAction("retry")}>
        <RotateCw /> Retry
      </Button>
      <Button variant="ghost" size="sm" className="text-danger!" onClick={() => setAction("delete")}>
        <Trash2 /> Delete
      </Button>
      <Button variant="ghost" size="icon-sm" aria-label="Select nothing" onClick={onClear}>
        <X />
      </Button>
      {action !== null && (
        <BulkDialog
          action={action}
          filter={meansAll ? filter : { ids: [...selected] }}
          onClose={() => setAction(null)}
          onDone={() => {
            setAction(null);
            onClear();
          }}
        />
      )}
    </div>
  );
}
