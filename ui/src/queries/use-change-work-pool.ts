import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import { EXACTLY } from "@/api/exact";
import type { WorkPoolChanges } from "@/api/types";

/** Changes a work pool; what is left out stays as it is. */
export function useChangeWorkPool() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changes: WorkPoolChanges) =>
      answerOf(api.POST("/api/work_pools/update", { body: changes, ...EXACTLY })),
    onSettled: () => client.invalidateQueries({ queryKey: ["work-pools"] }),
  });
}
