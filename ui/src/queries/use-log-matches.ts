import { useQuery } from "@tanstack/react-query";

import { answerOf, api } from "@/api/client";
import type { LogFilter } from "@/api/types";

const MOST = 500;
/** The server looks at so many lines a page only: a search goes on a while where it finds few. */
const MOST_PAGES = 10;

export interface LogMatches {
  /** The lines' numbers, in the order of the log. */
  ids: number[];
  /** Whether there may be more. */
  isCapped: boolean;
}

/** Returns the first lines that a filter means. */
export async function findLines(filter: LogFilter, most: number, signal?: AbortSignal): Promise<LogMatches> {
  const ids: number[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES && ids.length < most; page += 1) {
    const found: { items: { id?: number | null }[]; next?: string | null } = await answerOf(
      api.POST("/api/logs/filter", { body: { filter, limit: most - ids.length, after }, signal }),
    );
    ids.push(...found.items.flatMap(({ id }) => (id == null ? [] : [id])));
    after = found.next ?? null;
    if (after === null) return { ids, isCapped: false };
  }
  return { ids, isCapped: true };
}

/** Which lines of a log contain a text. */
export function useLogMatches(filter: LogFilter, text: string) {
  return useQuery({
    queryKey: ["log-matches", filter, text],
    queryFn: ({ signal }) => findLines({ ...filter, text }, MOST, signal),
    enabled: text !== "",
    staleTime: 5_000,
  });
}
