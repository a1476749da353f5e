import { useQueryClient } from "@tanstack/react-query";

import { useFollow } from "@/stream/use-follow";

/** Has a task run shown anew as it changes, while it goes on. */
export function useLiveTaskRun(id: string, isLive: boolean): void {
  const client = useQueryClient();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ["task-runs", "one", id] });
    void client.invalidateQueries({ queryKey: ["task-runs", "events", id] });
  };
  useFollow({
    path: isLive ? "/task_runs/stream" : null,
    conditions: { ids: id },
    kinds: ["task_run", "deleted"],
    onMessage: refresh,
    onReset: refresh,
  });
}
