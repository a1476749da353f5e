import * as v from "valibot";

import { choiceParam, flagParam, listParam, numberParam, textParam } from "@/lib/search";
import { WINDOWS } from "@/lib/windows";

// What the addresses of the pages may hold after their `?`. What makes no sense counts as not given.

export const loginSearch = v.object({ next: textParam });

export const homeSearch = v.object({ window: choiceParam(WINDOWS), tag: listParam });

const run = {
  state: listParam,
  tag: listParam,
  name: textParam,
  window: choiceParam(WINDOWS),
  from: textParam,
  to: textParam,
  not: listParam,
  view: textParam,
};

export const runsSearch = v.object({
  ...run,
  flow: listParam,
  deployment: listParam,
  pool: listParam,
  parent: textParam,
  param: listParam,
  sort: choiceParam([
    "ID_DESC",
    "ID_ASC",
    "START_TIME_DESC",
    "START_TIME_ASC",
    "END_TIME_DESC",
    "END_TIME_ASC",
    "NAME_DESC",
    "NAME_ASC",
  ]),
});

export const taskRunsSearch = v.object({
  ...run,
  task: listParam,
  run: listParam,
  sort: choiceParam(["ID_DESC", "ID_ASC", "START_TIME_DESC", "START_TIME_ASC"]),
});

const log = { level: numberParam, logger: textParam, task: textParam, text: textParam, only: flagParam };

export const runSearch = v.object({
  ...log,
  tab: choiceParam(["timeline", "graph", "logs", "task-runs", "subflows", "details", "states", "events"]),
});

export const taskRunSearch = v.object({
  ...log,
  tab: choiceParam(["states", "logs", "inputs", "events"]),
});

export const flowsSearch = v.object({ name: textParam });

export const deploymentsSearch = v.object({
  name: textParam,
  tag: listParam,
  pool: listParam,
  status: listParam,
  not: listParam,
});

export const eventsSearch = v.object({
  event: listParam,
  resource: listParam,
  related: listParam,
  window: choiceParam(WINDOWS),
  from: textParam,
  to: textParam,
  id: textParam,
});

export type HomeSearch = v.InferOutput<typeof homeSearch>;
export type RunsSearch = v.InferOutput<typeof runsSearch>;
export type TaskRunsSearch = v.InferOutput<typeof taskRunsSearch>;
export type EventsSearch = v.InferOutput<typeof eventsSearch>;
