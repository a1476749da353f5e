import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import { EXACTLY } from "@/api/exact";

/** What is to be different in a deployment: values that came from `readExact` are sent as they were written. */
export interface DeploymentChange {
  id: string;
  note?: string;
  /** Refuses the change where somebody else was quicker. */
  expected_version?: number;
  paused?: boolean;
  schedules?: unknown[];
  parameters?: unknown;
}

/** Changes a deployment, which makes a version. */
export function useChangeDeployment() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...changes }: DeploymentChange) =>
      answerOf(
        api.POST("/api/deployments/{id}/update", {
          params: { path: { id } },
          body: changes as never,
          ...EXACTLY,
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["deployments"] }),
  });
}
