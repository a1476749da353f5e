import { CopyButton } from "@/components/copy-button";
import { ErrorPanel } from "@/components/error-panel";
import { Time } from "@/components/time";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { basePath } from "@/lib/base";
import { countOf } from "@/lib/plural";
import { useServerInfo } from "@/queries/use-server-info";

import { Fact, Facts } from "./facts";

const KEPT = [
  ["flow_runs_days", "Flow runs"],
  ["task_runs_days", "Task runs outside of flows"],
  ["logs_days", "Logs"],
  ["events_days", "Events"],
  ["audit_days", "The audit"],
] as const;

/** Which server this is, and for how long it keeps what has ended. */
export function ServerPanel() {
  const info = useServerInfo();
  const api = `${location.origin}${basePath}/api`;
  return (
    <Panel title="Server">
      {info.isPending && <Skeleton className="mx-4 mb-4 h-48" />}
      {info.isError && (
        <div className="px-4 pb-4">
          <ErrorPanel what="The server" error={info.error} onRetry={() => void info.refetch()} />
        </div>
      )}
      {info.isSuccess && (
        <>
          <Facts>
            <Fact label="Version">
              <span className="font-medium">Penstock {info.data.version}</span>
            </Fact>
            <Fact label="Its clock">
              <Time at={info.data.now} style="absolute" />
            </Fact>
            <Fact label="API">
              <a
                href={`${api}/docs`}
                target="_blank"
                rel="noreferrer"
                className="truncate rounded font-mono text-xs hover:underline"
              >
                {api}/docs
              </a>
              <CopyButton text={api} label="Copy the API’s address" />
            </Fact>
          </Facts>
          <h3 className="border-t border-line px-4 pt-3 text-xs font-medium text-ink-faint">
            How long things are kept after their end
          </h3>
          <Facts>
            {KEPT.map(([name, label]) => (
              <Fact key={name} label={label}>
                {said(info.data.retention[name])}
              </Fact>
            ))}
          </Facts>
        </>
      )}
    </Panel>
  );
}

function said(days: number): string {
  if (days === 0) return "for ever";
  return Number.isInteger(days) ? countOf(days, "day") : `${days} days`;
}
