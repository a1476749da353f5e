import { useQuery } from "@tanstack/react-query";

import { api } from "@/api/client";
import { exactAnswerOf } from "@/api/exact";
import type { Deployment } from "@/api/types";

/** One deployment, also as it was written: its parameters are changed and sent back. */
export function useDeployment(id: string) {
  return useQuery({
    queryKey: ["deployments", "one", id],
    queryFn: ({ signal }) =>
      exactAnswerOf<Deployment>(
        api.GET("/api/deployments/{id}", { params: { path: { id } }, parseAs: "text", signal }),
      ),
  });
}
