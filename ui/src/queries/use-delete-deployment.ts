import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** Deletes a deployment; its runs stay. */
export function useDeleteDeployment() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answerOf(api.DELETE("/api/deployments/{id}", { params: { path: { id } } })),
    onSuccess: (_, id) => client.removeQueries({ queryKey: ["deployments", "one", id] }),
    onSettled: () => client.invalidateQueries({ queryKey: ["deployments"] }),
  });
}
