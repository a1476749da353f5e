import type { Event } from "@/api/types";
import { basePath } from "@/lib/base";

import { follow, type StreamStatus } from "./connection";

/** What the tab that holds the connection tells the others. */
type Told = { events: Event[] } | { status: StreamStatus } | { reset: true } | { hello: true };

export interface SharedHandlers {
  onEvents: (events: Event[]) => void;
  onReset: () => void;
  onStatus: (status: StreamStatus) => void;
}

const NAME = `penstock.events${basePath}`;
const GATHERED_MS = 100;

/**
 * Follows the server's events by one connection for all tabs of the browser: the tab that gets the lock holds it and tells
 * the others; when it is closed, another one gets the lock. Where there are no locks (a page that is neither local nor
 * encrypted), every tab has its own connection.
 */
export function followShared(handlers: SharedHandlers): () => void {
  const url = `${basePath}/api/events/stream`;
  if (!("locks" in navigator) || typeof BroadcastChannel === "undefined")
    return lead(url, handlers, () => undefined);
  const channel = new BroadcastChannel(NAME);
  const ended = new AbortController();
  let status: StreamStatus = "connecting";
  let isLeader = false;

  channel.addEventListener("message", ({ data }: MessageEvent<Told>) => {
    if ("hello" in data) {
      if (isLeader) channel.postMessage({ status } satisfies Told);
    } else if (!isLeader) {
      hear(data, handlers);
    }
  });
  channel.postMessage({ hello: true } satisfies Told);

  navigator.locks
    .request(NAME, { signal: ended.signal }, () => {
      isLeader = true;
      const close = lead(url, handlers, (told) => {
        if ("status" in told) status = told.status;
        channel.postMessage(told);
      });
      return new Promise<void>((resolve) => {
        ended.signal.addEventListener("abort", () => {
          close();
          resolve();
        });
      });
    })
    .catch(() => undefined); // the wait for the lock was given up

  return () => {
    ended.abort();
    channel.close();
  };
}

function hear(told: Told, handlers: SharedHandlers) {
  if ("events" in told) handlers.onEvents(told.events);
  else if ("status" in told) handlers.onStatus(told.status);
  else if ("reset" in told) handlers.onReset();
}

function lead(url: string, handlers: SharedHandlers, tell: (told: Told) => void): () => void {
  let gathered: Event[] = [];
  let timer: number | undefined;
  const both = (told: Told) => {
    hear(told, handlers);
    tell(told);
  };
  const close = follow(url, ["event"], {
    onMessage({ data }) {
      gathered.push(JSON.parse(data) as Event);
      timer ??= window.setTimeout(() => {
        timer = undefined;
        const events = gathered;
        gathered = [];
        both({ events });
      }, GATHERED_MS);
    },
    onReset: () => both({ reset: true }),
    onStatus: (status) => both({ status }),
  });
  return () => {
    window.clearTimeout(timer);
    close();
  };
}
