import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { FlowRun } from "@/api/types";
import { newId } from "@/lib/uuid";

/** Has the deployment of a flow run make another run with the same parameters. */
export function useRerunFlowRun(run: FlowRun) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answerOf(
        api.POST("/api/deployments/{id}/run", {
          params: { path: { id: run.deployment_id! } },
          body: {
            flow_run_id: newId(),
            parameters: run.parameters,
            job_variables: run.job_variables,
            tags: run.tags,
            work_queue_name: run.work_queue_name,
          },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["flow-runs"] }),
  });
}
