import { expect, test } from "vitest";

import { readExact, type JsonObject } from "@/lib/exact-json";

import { drafted, scheduleOf } from "./schedule-draft";

test.each([
  '{"schedule":{"type":"cron","cron":"0 9 * * *","timezone":"Europe/Berlin"}}',
  '{"schedule":{"type":"interval","interval":5400.0}}',
  '{"schedule":{"type":"interval","interval":0.5}}',
  '{"schedule":{"type":"rrule","rrule":"FREQ=DAILY","timezone":"UTC"}}',
])("a schedule that is not changed says the same: %s", (text) => {
  const spec = readExact(text) as JsonObject;
  const { schedule } = JSON.parse(text) as { schedule: object };
  expect(scheduleOf(drafted(spec, "Asia/Tokyo"))).toEqual({ timezone: "UTC", ...schedule });
});

test("a new one is proposed in the viewer's zone", () => {
  expect(scheduleOf(drafted(null, "Asia/Tokyo"))).toEqual({
    type: "cron",
    cron: "0 9 * * 1-5",
    timezone: "Asia/Tokyo",
  });
});

test("what can be no schedule is none", () => {
  const draft = drafted(null, "UTC");
  expect(scheduleOf({ ...draft, cron: " " })).toBeNull();
  expect(scheduleOf({ ...draft, timezone: "Mars/Olympus" })).toBeNull();
  expect(scheduleOf({ ...draft, kind: "interval", every: "0" })).toBeNull();
  expect(scheduleOf({ ...draft, kind: "interval", every: "x" })).toBeNull();
});
