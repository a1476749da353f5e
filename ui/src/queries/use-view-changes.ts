import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { View, ViewKind } from "@/api/types";
import { newId } from "@/lib/new-id";

type Conditions = Record<string, unknown>;

/** Saves, changes and deletes views of a list. */
export function useViewChanges(kind: ViewKind) {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: ["views", kind] });
  const save = useMutation({
    mutationFn: ({ name, filter }: { name: string; filter: Conditions }): Promise<View> =>
      answerOf(api.POST("/api/views", { body: { id: newId(), kind, name, filter } })),
    onSettled,
  });
  const change = useMutation({
    mutationFn: ({ id, ...body }: { id: string; name?: string; filter?: Conditions }): Promise<View> =>
      answerOf(api.POST("/api/views/{id}/update", { params: { path: { id } }, body })),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: (id: string) => answerOf(api.DELETE("/api/views/{id}", { params: { path: { id } } })),
    onSettled,
  });
  return { save, change, remove };
}
