import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

/** Has a deployment's runs go by one of its versions: a newer one that was held back, or an earlier one again. */
export function usePromoteVersion() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, number }: { id: string; number: number }) =>
      answerOf(api.POST("/api/deployments/{id}/promote", { params: { path: { id } }, body: { number } })),
    onSettled: () => client.invalidateQueries({ queryKey: ["deployments"] }),
  });
}
