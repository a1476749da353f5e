import { expect, test } from "vitest";

import { scheduleWords } from "./schedule-words";

test("a schedule is said in a line", () => {
  expect(scheduleWords({ type: "cron", cron: "0 9 * * 1", timezone: "Europe/Berlin" })).toBe(
    "0 9 * * 1 in Europe/Berlin",
  );
  expect(scheduleWords({ type: "interval", interval: 90 })).toBe("every 1m 30s");
  expect(scheduleWords({ type: "interval", interval: 3600 })).toBe("every 1h");
  expect(scheduleWords({ type: "interval", interval: 5 })).toBe("every 5 s");
  expect(scheduleWords({ type: "rrule", rrule: "DTSTART:20260101T000000\nRRULE:FREQ=DAILY" })).toBe(
    "DTSTART:20260101T000000 RRULE:FREQ=DAILY in UTC",
  );
});
