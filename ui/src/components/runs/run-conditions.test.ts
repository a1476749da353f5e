import { expect, test } from "vitest";

import { flowRunFilter, taskRunFilter } from "./run-conditions";

const now = Date.parse("2026-06-15T12:00:30Z");

test("an address without conditions means all runs", () => {
  expect(flowRunFilter({ state: [], not: ["state"] }, now)).toEqual({});
});

test("states are meant by type and by name", () => {
  expect(flowRunFilter({ state: ["FAILED"] }, now)).toEqual({ all: [{ state_types: ["FAILED"] }] });
  expect(flowRunFilter({ state: ["FAILED", "Late"] }, now)).toEqual({
    all: [{ any: [{ state_types: ["FAILED"] }, { state_names: ["Late"] }] }],
  });
});

test("each condition may be turned round by itself", () => {
  expect(flowRunFilter({ flow: ["etl"], tag: ["test"], not: ["tag"] }, now)).toEqual({
    all: [{ flow_names: ["etl"] }, { not: { tags_any: ["test"] } }],
  });
});

test("parameters are meant by name and value, any of them", () => {
  expect(flowRunFilter({ param: ["n=3", "no sense"] }, now)).toEqual({ all: [{ parameters: { n: 3 } }] });
  expect(flowRunFilter({ param: ["n=3", "region=eu"], not: ["param"] }, now)).toEqual({
    all: [{ not: { any: [{ parameters: { n: 3 } }, { parameters: { region: "eu" } }] } }],
  });
});

test("a window ends now, and counts before an own stretch of time; what is no instant counts as not given", () => {
  expect(flowRunFilter({ window: "1h", from: "2020-01-01" }, now)).toEqual({
    started_after: "2026-06-15T11:00:00.000Z",
  });
  expect(flowRunFilter({ from: "2026-01-01", to: "yesterday" }, now)).toEqual({
    started_after: "2026-01-01T00:00:00.000Z",
  });
});

test("task runs have conditions of their own", () => {
  expect(taskRunFilter({ task: ["load"], run: ["x"], name: "a" }, now)).toEqual({
    all: [{ task_names: ["load"] }, { flow_run_ids: ["x"] }],
    text: "a",
  });
});
