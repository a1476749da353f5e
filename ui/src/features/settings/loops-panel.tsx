import type { LoopLine } from "@/api/types";
import { ErrorPanel } from "@/components/error-panel";
import { Time } from "@/components/time";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { cn } from "@/lib/cn";
import { formatDuration } from "@/lib/duration";
import { numberOf } from "@/lib/plural";
import { useLoops } from "@/queries/use-loops";

const STATES: Record<LoopLine["state"], { label: string; tone: string }> = {
  waiting: { label: "Rests", tone: "tone-completed" },
  running: { label: "Runs", tone: "tone-running" },
  failed: { label: "Failed", tone: "tone-failed" },
  stopped: { label: "Stands still", tone: "tone-late" },
};

/** What the servers do by themselves, when they last did it, and which of them does. */
export function LoopsPanel() {
  const loops = useLoops();
  return (
    <Panel
      title="Loops"
      className="lg:col-span-2"
      aside={
        loops.isSuccess && (
          <span className="min-w-0 truncate text-xs text-ink-faint">
            {loops.data.leader == null ? (
              "no server leads"
            ) : (
              <>
                led by <span className="font-mono">{hostOf(loops.data.leader)}</span> since{" "}
                <Time at={loops.data.leader_since} />
              </>
            )}
          </span>
        )
      }
    >
      {loops.isPending && <Skeleton className="mx-4 mb-4 h-48" />}
      {loops.isError && (
        <div className="px-4 pb-4">
          <ErrorPanel what="The loops" error={loops.error} onRetry={() => void loops.refetch()} />
        </div>
      )}
      {loops.isSuccess && (
        <div className="pb-2">
          <table className="w-full text-left">
            <caption className="sr-only">What the servers do by themselves</caption>
            <thead className="text-xs text-ink-faint">
              <tr className="h-8">
                <th className="pl-4 font-medium">Loop</th>
                <th className="font-medium">State</th>
                <th className="hidden font-medium sm:table-cell">Every</th>
                <th className="pr-4 text-right font-medium sm:pr-0 sm:text-left">Last</th>
                <th className="hidden font-medium md:table-cell">Took</th>
                <th className="hidden font-medium md:table-cell">Late by</th>
                <th className="hidden pr-4 text-right font-medium sm:table-cell">Runs</th>
              </tr>
            </thead>
            <tbody>
              {loops.data.items.map((loop) => (
                <Loop key={loop.name} loop={loop} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function Loop({ loop }: { loop: LoopLine }) {
  const { label, tone } = STATES[loop.state];
  const failures = loop.failures ?? 0;
  return (
    <>
      <tr className="h-8 hover:bg-hover">
        <td className="pl-4 font-mono text-xs">{loop.name}</td>
        <td>
          <span className={cn(tone, "flex items-center gap-1.5 text-ink-muted")}>
            <span aria-hidden className="tone-fill size-1.5 rounded-full" />
            {label}
          </span>
        </td>
        <td className="tabular hidden text-ink-muted sm:table-cell">
          {formatDuration(loop.interval_seconds)}
        </td>
        <td className="pr-4 text-right text-ink-muted sm:pr-0 sm:text-left">
          <Time at={loop.last_begun} />
        </td>
        <td className="tabular hidden text-ink-muted md:table-cell">
          {formatDuration(loop.last_seconds ?? 0)}
        </td>
        <td className="tabular hidden text-ink-muted md:table-cell">
          {formatDuration(loop.lag_seconds ?? 0)}
        </td>
        <td className="tabular hidden pr-4 text-right text-ink-muted sm:table-cell">
          {numberOf(loop.runs ?? 0)}
          {failures > 0 && <span className="text-danger"> ({numberOf(failures)} failed)</span>}
        </td>
      </tr>
      {loop.error != null && (
        <tr>
          <td colSpan={7} className="px-4 pb-2 text-xs break-words text-danger">
            {loop.error}
          </td>
        </tr>
      )}
    </>
  );
}

/** The machine and the process of a leader, without the id of its boot. */
function hostOf(leader: string): string {
  return leader.split(":").slice(0, 2).join(":");
}
