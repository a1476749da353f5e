import { useEffect, useRef, useState } from "react";

import { basePath } from "@/lib/base";

import { follow, type StreamMessage, type StreamStatus } from "./connection";

interface FollowOptions {
  /** Beneath the API, such as `/task_runs/stream`; nothing is followed without it. */
  path: string | null;
  /** Conditions, as query parameters. */
  conditions: Record<string, string | readonly string[]>;
  /** Kinds of messages that are of interest. */
  kinds: readonly string[];
  /** The id of the last message that is known already: what comes after it is sent. By default, what comes from now on. */
  after?: string;
  onMessage: (message: StreamMessage) => void;
  onReset?: () => void;
}

/**
 * Follows a stream of one page's own, such as the task runs or the lines of a run, while that page is seen: a hidden tab
 * holds no connection, and comes back after the last message when it is looked at again.
 */
export function useFollow(options: FollowOptions): StreamStatus {
  const { path, conditions, kinds } = options;
  const [status, setStatus] = useState<StreamStatus>("connecting");
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const query = queryOf(conditions);
  const kindsKey = kinds.join(" ");
  useEffect(() => {
    if (path === null) return;
    let close: (() => void) | undefined;
    let lastId = latest.current.after ?? "";
    const show = () => {
      close?.();
      close = undefined;
      if (document.hidden) return;
      const after = lastId === "" ? "" : `${query === "" ? "?" : "&"}after=${lastId}`;
      close = follow(`${basePath}/api${path}${query}${after}`, kindsKey.split(" "), {
        onMessage(message) {
          lastId = message.id;
          latest.current.onMessage(message);
        },
        onReset: () => latest.current.onReset?.(),
        onStatus: setStatus,
      });
    };
    show();
    document.addEventListener("visibilitychange", show);
    return () => {
      document.removeEventListener("visibilitychange", show);
      close?.();
    };
  }, [path, query, kindsKey]);
  return status;
}

function queryOf(conditions: FollowOptions["conditions"]): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(conditions)) {
    for (const one of typeof value === "string" ? [value] : value) query.append(name, one);
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
