import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from "react";

import type { Event } from "@/api/types";
import { throttled } from "@/lib/throttle";

import { changedResources, type Resource } from "./changed-resources";
import type { StreamStatus } from "./connection";
import { followShared } from "./shared-stream";

const AT_MOST_EVERY_MS = 700;
const POLLED_EVERY_MS = 10_000;

type Listener = (events: Event[]) => void;

interface Live {
  status: StreamStatus;
  listeners: Set<Listener>;
}

const LiveContext = createContext<Live>({ status: "connecting", listeners: new Set() });

/** Keeps what the page shows fresh: events make queries stale, and while no events come, all is asked for now and then. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [status, setStatus] = useState<StreamStatus>("connecting");
  const [listeners] = useState(() => new Set<Listener>());
  useEffect(() => {
    const refresh = refresher(client);
    return followShared({
      onEvents(events) {
        for (const resource of changedResources(events)) refresh(resource);
        listeners.forEach((listener) => listener(events));
      },
      onReset: () => void client.invalidateQueries(),
      onStatus: setStatus,
    });
  }, [client, listeners]);
  const wasDown = useRef(false);
  useEffect(() => {
    if (status === "live") {
      // What happened while nobody listened is not told again.
      if (wasDown.current) void client.invalidateQueries();
      wasDown.current = false;
      return;
    }
    if (status !== "down") return;
    wasDown.current = true;
    const timer = window.setInterval(() => void client.invalidateQueries(), POLLED_EVERY_MS);
    return () => window.clearInterval(timer);
  }, [status, client]);
  const [live, setLive] = useState<Live>({ status, listeners });
  if (live.status !== status) setLive({ status, listeners });
  return <LiveContext value={live}>{children}</LiveContext>;
}

function refresher(client: QueryClient): (resource: Resource) => void {
  const throttles = new Map<Resource, () => void>();
  return (resource) => {
    let call = throttles.get(resource);
    if (call === undefined) {
      call = throttled(() => void client.invalidateQueries({ queryKey: [resource] }), AT_MOST_EVERY_MS);
      throttles.set(resource, call);
    }
    call();
  };
}

/** Whether events come in. */
export function useStreamStatus(): StreamStatus {
  return useContext(LiveContext).status;
}

/** Has `listener` hear the events that come in while the component is shown. Task runs' events are not among them. */
export function useEvents(listener: Listener): void {
  const { listeners } = useContext(LiveContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    const hear: Listener = (events) => latest.current(events);
    listeners.add(hear);
    return () => {
      listeners.delete(hear);
    };
  }, [listeners]);
}
