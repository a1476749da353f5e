import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";

import { accepted } from "./verdicts";

export interface Resumption {
  /** The pause that is answered. */
  pauseKey: string | null;
  /** What the run is given, as the text of a JSON object, where it waits for input. */
  inputText: string | null;
}

/** Has a paused flow run go on; the server checks the input against the schema that the run waits with. */
export function useResumeFlowRun(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ pauseKey, inputText }: Resumption) => {
      const input = inputText === null ? null : objectOf(inputText);
      return accepted(
        await answerOf(
          api.POST("/api/flow_runs/{id}/resume", {
            params: { path: { id } },
            body: { pause_key: pauseKey, input },
          }),
        ),
      );
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["flow-runs"] }),
  });
}

function objectOf(text: string): Record<string, never> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("The input is no JSON. Correct it, and resume again.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error("The input is no JSON object. Put the values between braces, by name.");
  }
  return value as Record<string, never>;
}
