import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import { EXACTLY } from "@/api/exact";

/** A run that is wanted: values that came from `readExact` are sent as they were written. */
export interface RunWanted {
  id: string;
  flow_run_id: string;
  name?: string;
  parameters?: unknown;
  job_variables?: unknown;
  tags?: string[];
  scheduled_time?: string;
}

/** Has a deployment run once. The same `flow_run_id` again gives the first run back. */
export function useRunDeployment() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...wanted }: RunWanted) =>
      answerOf(
        api.POST("/api/deployments/{id}/run", {
          params: { path: { id } },
          body: wanted as never,
          ...EXACTLY,
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["flow-runs"] }),
  });
}
