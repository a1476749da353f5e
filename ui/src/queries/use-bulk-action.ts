import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { BulkOutcome, FlowRunFilter } from "@/api/types";

export type BulkAction = "cancel" | "retry" | "delete";

/** What became of an action on many runs. */
export interface BulkResult {
  affected: number;
  refused: { id: string; reason: string }[];
}

const STEP = 50;

interface BulkWanted {
  action: BulkAction;
  filter: FlowRunFilter;
  /** Told after each step how many runs were acted on so far. */
  onProgress?: (affected: number) => void;
}

/** Acts on all flow runs that a filter means, in bounded steps. Count them first with `useBulkCount`. */
export function useBulkAction() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ action, filter, onProgress }: BulkWanted): Promise<BulkResult> => {
      const result: BulkResult = { affected: 0, refused: [] };
      let after: string | null = null;
      do {
        const outcome: BulkOutcome = await step(action, filter, after);
        result.affected += outcome.affected ?? 0;
        result.refused.push(...(outcome.refused ?? []));
        onProgress?.(result.affected);
        after = outcome.next ?? null;
      } while (after !== null);
      return result;
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["flow-runs"] }),
  });
}

function step(action: BulkAction, filter: FlowRunFilter, after: string | null): Promise<BulkOutcome> {
  const body = { filter, dry_run: false, limit: STEP, after };
  if (action === "delete") return answerOf(api.POST("/api/flow_runs/delete", { body }));
  if (action === "cancel") return answerOf(api.POST("/api/flow_runs/cancel", { body }));
  return retryStep(filter, after);
}

/** Retries a page of the runs one by one: each is decided on by the rules. */
async function retryStep(filter: FlowRunFilter, after: string | null): Promise<BulkOutcome> {
  const page = await answerOf(
    api.POST("/api/flow_runs/filter", { body: { filter, sort: "ID_ASC", limit: STEP, after } }),
  );
  const verdicts = await Promise.all(
    page.items.map(async ({ id }) => {
      const verdict = await answerOf(
        api.POST("/api/flow_runs/{id}/retry", { params: { path: { id } }, body: {} }),
      );
      return { id, verdict };
    }),
  );
  const refused = verdicts
    .filter(({ verdict }) => verdict.decision !== "ACCEPT")
    .map(({ id, verdict }) => ({ id, reason: verdict.reason ?? "The run was left as it is." }));
  return { matched: page.items.length, affected: verdicts.length - refused.length, refused, next: page.next };
}
