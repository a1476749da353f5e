import { expect, test } from "vitest";

import type { Event } from "@/api/types";

import { eventFilter, isMeant, meansTaskRuns } from "./event-conditions";

const now = Date.parse("2026-06-15T12:00:30Z");
const event = {
  event: "penstock.flow-run.Failed",
  occurred: "2026-06-15T12:00:00Z",
  resource: { "penstock.resource.id": "penstock.flow-run.1" },
  related: [{ "penstock.resource.id": "penstock.tag.x" }],
} as unknown as Event;

test("an address without conditions means all events", () => {
  expect(eventFilter({ event: [], related: [] }, now)).toEqual({});
});

test("an address says names, resources, what they relate to, and the time", () => {
  expect(eventFilter({ event: ["a*"], resource: ["r"], related: ["x"], window: "1h" }, now)).toEqual({
    events: ["a*"],
    resource_ids: ["r"],
    related_ids: ["x"],
    after: "2026-06-15T11:00:00.000Z",
  });
  expect(eventFilter({ from: "2026-01-01", to: "no time" }, now)).toEqual({
    after: "2026-01-01T00:00:00.000Z",
  });
});

test("what comes in is decided on as the server would", () => {
  expect(isMeant(event, {})).toBe(true);
  expect(isMeant(event, { events: ["x", "penstock.flow-run.*"] })).toBe(true);
  expect(isMeant(event, { events: ["penstock.flow-run"] })).toBe(false);
  expect(isMeant(event, { resource_ids: ["penstock.flow-run.2"] })).toBe(false);
  expect(isMeant(event, { related_ids: ["penstock.tag.x"] })).toBe(true);
  expect(isMeant(event, { related_ids: ["penstock.tag.y"] })).toBe(false);
  expect(isMeant(event, { after: "2026-06-15T12:00:01Z" })).toBe(false);
  expect(isMeant(event, { before: "2030-01-01T00:00:00Z" })).toBe(false);
});

test("events of task runs are asked for by themselves", () => {
  expect(meansTaskRuns({ events: ["penstock.task-run.*"] })).toBe(true);
  expect(meansTaskRuns({ resource_ids: ["penstock.task-run.1"] })).toBe(true);
  expect(meansTaskRuns({ related_ids: ["penstock.task-run.1"] })).toBe(false);
});
