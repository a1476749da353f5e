import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { StateRecord } from "@/api/types";

const MOST = 200;

/** A task run or a flow run, as far as a link to it needs. */
export interface KnownRun {
  kind: "task" | "flow";
  name: string;
  state: StateRecord;
}

/** The task runs and flow runs of some ids, which may be of either: of the first 200. */
export function useRunsByIds(ids: readonly string[]) {
  const asked = [...new Set(ids)].slice(0, MOST);
  return useQuery({
    queryKey: ["task-runs", "by-ids", asked],
    queryFn: async ({ signal }) => {
      const body = { filter: { ids: asked }, limit: MOST };
      const [tasks, flows] = await Promise.all([
        answerOf(api.POST("/api/task_runs/filter", { body, signal })),
        answerOf(api.POST("/api/flow_runs/filter", { body, signal })),
      ]);
      const known: Record<string, KnownRun> = {};
      for (const run of tasks.items)
        known[run.id] = { kind: "task", name: run.name, state: run.states.at(-1)! };
      for (const run of flows.items) {
        known[run.id] = { kind: "flow", name: `${run.flow_name} / ${run.name}`, state: run.state };
      }
      return known;
    },
    enabled: asked.length > 0,
  });
}
