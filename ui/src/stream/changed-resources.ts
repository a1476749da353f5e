import type { Event } from "@/api/types";

/** What queries are of: the first part of each query's key. An event makes all queries of some of these stale. */
export type Resource =
  | "flows"
  | "flow-runs"
  | "task-runs"
  | "deployments"
  | "work-pools"
  | "workers"
  | "backfills"
  | "events"
  | "artifacts"
  | "automations"
  | "concurrency";

const BY_KIND: Record<string, readonly Resource[]> = {
  flow: ["flows"],
  "flow-run": ["flow-runs"],
  "task-run": ["task-runs"],
  deployment: ["deployments"],
  schedule: ["deployments"],
  "work-pool": ["work-pools"],
  "work-queue": ["work-pools"],
  worker: ["workers", "work-pools"],
  backfill: ["backfills", "deployments"],
  artifact: ["artifacts"],
  automation: ["automations"],
  "concurrency-limit": ["concurrency"],
};

/** Returns what has changed, as far as events tell: `penstock.flow-run.Completed` tells of flow runs. */
export function changedResources(events: readonly Event[]): Set<Resource> {
  const changed = new Set<Resource>();
  if (events.length > 0) changed.add("events");
  for (const { event } of events) {
    const [scheme, kind] = event.split(".", 2);
    if (scheme !== "penstock" || kind === undefined || !Object.hasOwn(BY_KIND, kind)) continue;
    for (const resource of BY_KIND[kind]!) changed.add(resource);
    // A run that starts or ends takes or frees a slot of its pool, and a worker's place.
    if (kind === "flow-run") changed.add("work-pools");
  }
  return changed;
}
