import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";

import { throttled } from "@/lib/throttle";
import { useFollow } from "@/stream/use-follow";

const AT_MOST_EVERY_MS = 800;

/** Has what is shown of a run's task runs asked for anew as they change, while the run goes on. */
export function useLiveRun(id: string, isLive: boolean, stateSince: string | undefined): void {
  const client = useQueryClient();
  const refresh = useMemo(
    () =>
      throttled(() => {
        for (const queryKey of [["run-graph", id], ["run-counts", id], ["task-runs"]]) {
          void client.invalidateQueries({ queryKey });
        }
      }, AT_MOST_EVERY_MS),
    [client, id],
  );
  useFollow({
    path: isLive ? "/task_runs/stream" : null,
    conditions: { flow_run_ids: id },
    kinds: ["task_run", "deleted"],
    onMessage: refresh,
    onReset: refresh,
  });
  const before = useRef(stateSince);
  useEffect(() => {
    // The last task runs of a run come before its end, and after the stream of them was closed.
    if (before.current !== undefined && before.current !== stateSince) refresh();
    before.current = stateSince;
  }, [stateSince, refresh]);
}
