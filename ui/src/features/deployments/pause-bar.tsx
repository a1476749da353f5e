import { Pause, Play, X } from "lucide-react";

import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import { countOf } from "@/lib/plural";
import { usePauseDeployments } from "@/queries/use-pause-deployments";

/** Pauses and resumes the deployments that are selected. */
export function PauseBar({ selected, onClear }: { selected: readonly string[]; onClear: () => void }) {
  const pause = usePauseDeployments();
  const act = (paused: boolean) =>
    pause.mutate(
      { ids: selected, paused },
      {
        onSuccess({ changed, refusal }) {
          if (changed > 0) toast.done(`${countOf(changed, "deployment")} ${paused ? "paused" : "resumed"}`);
          if (refusal !== undefined)
            toast.failed(`${countOf(selected.length - changed, "deployment")} stayed as they were`, refusal);
          onClear();
        },
      },
    );
  return (
    <div
      role="region"
      aria-label="Selected deployments"
      className="fixed bottom-4 left-1/2 z-30 flex max-w-[calc(100vw-1rem)] -translate-x-1/2 items-center gap-1 rounded-xl border border-line bg-surface p-1.5 pl-4 shadow-float md:ml-26"
    >
      <span className="mr-2 font-medium">{countOf(selected.length, "deployment")} selected</span>
      <Button variant="ghost" size="sm" disabled={pause.isPending} onClick={() => act(true)}>
        <Pause /> Pause
      </Button>
      <Button variant="ghost" size="sm" disabled={pause.isPending} onClick={() => act(false)}>
        <Play /> Resume
      </Button>
      <Button variant="ghost" size="icon-sm" aria-label="Select nothing" onClick={onClear}>
        <X />
      </Button>
    </div>
  );
}
