import { expect, test } from "vitest";

import type { Event } from "@/api/types";

import { changedResources } from "./changed-resources";

const events = (...names: string[]) => names.map((event) => ({ event }) as Event);

test("an event tells what has changed; a flow run also changes what its pool has in use", () => {
  expect([...changedResources(events("penstock.flow-run.Completed"))].sort()).toEqual([
    "events",
    "flow-runs",
    "work-pools",
  ]);
  expect([...changedResources(events("penstock.worker.started"))].sort()).toEqual([
    "events",
    "work-pools",
    "workers",
  ]);
});

test("a user's own event changes the events alone, whatever it is called", () => {
  expect([
    ...changedResources(events("orders.flow-run.shipped", "penstock.constructor.x", "penstock")),
  ]).toEqual(["events"]);
  expect(changedResources([]).size).toBe(0);
});
