import type { FlowRunFilter, TaskRunFilter } from "@/api/types";
import { isParameter, parameterOf } from "@/lib/parameter-text";
import { STATE_TYPES, type StateType } from "@/lib/states";
import { windowStart, type Window } from "@/lib/windows";

/** What the address of a list of runs says, as far as it is the same for flow runs and task runs. */
export interface RunConditions {
  state?: string[];
  tag?: string[];
  name?: string;
  window?: Window;
  from?: string;
  to?: string;
  not?: string[];
}

export interface FlowRunConditions extends RunConditions {
  flow?: string[];
  deployment?: string[];
  pool?: string[];
  parent?: string;
  param?: string[];
}

export interface TaskRunConditions extends RunConditions {
  task?: string[];
  run?: string[];
}

type Condition<Filter> = [
  key: string,
  values: readonly string[] | undefined,
  filter: (values: string[]) => Filter,
];

function isType(value: string): value is StateType {
  return (STATE_TYPES as readonly string[]).includes(value);
}

/** States by type (`FAILED`) or by name (`Late`), as the address has both. */
function inStates<Filter extends FlowRunFilter | TaskRunFilter>(values: string[]): Filter {
  const types = values.filter(isType);
  const names = values.filter((value) => !isType(value));
  if (names.length === 0) return { state_types: types } as Filter;
  if (types.length === 0) return { state_names: names } as Filter;
  return { any: [{ state_types: types }, { state_names: names }] } as Filter;
}

/** Returns `instant` if it is one; what makes no sense in an address counts as not given. */
function instantOf(instant: string | undefined): string | undefined {
  const time = instant === undefined ? Number.NaN : Date.parse(instant);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function composed<Filter extends FlowRunFilter | TaskRunFilter>(
  given: RunConditions,
  conditions: Condition<Filter>[],
  now: number,
): Filter {
  const filter: FlowRunFilter = {};
  const parts: Filter[] = [];
  for (const [key, values, make] of conditions) {
    if (values === undefined || values.length === 0) continue;
    const part = make([...values]);
    parts.push(given.not?.includes(key) ? ({ not: part } as Filter) : part);
  }
  if (parts.length > 0) filter.all = parts;
  if (given.name !== undefined && given.name !== "") filter.text = given.name;
  const after = given.window === undefined ? instantOf(given.from) : windowStart(given.window, now);
  if (after !== undefined) filter.started_after = after;
  const before = given.window === undefined ? instantOf(given.to) : undefined;
  if (before !== undefined) filter.started_before = before;
  return filter as Filter;
}

/** Any of the parameters, as the address has them: `name=value`. */
function withParameters(values: string[]): FlowRunFilter {
  const parts = values.map((value) => ({ parameters: parameterOf(value) }));
  return parts.length === 1 ? parts[0]! : { any: parts };
}

/** Returns the filter of flow runs that an address means. */
export function flowRunFilter(given: FlowRunConditions, now: number): FlowRunFilter {
  const filter = composed<FlowRunFilter>(
    given,
    [
      ["state", given.state, inStates],
      ["flow", given.flow, (values) => ({ flow_names: values })],
      ["deployment", given.deployment, (values) => ({ deployment_ids: values })],
      ["pool", given.pool, (values) => ({ work_pool_names: values })],
      ["tag", given.tag, (values) => ({ tags_any: values })],
      ["param", given.param?.filter(isParameter), withParameters],
    ],
    now,
  );
  return given.parent === undefined ? filter : { ...filter, parent_flow_run_id: given.parent };
}

/** Returns the filter of task runs that an address means. */
export function taskRunFilter(given: TaskRunConditions, now: number): TaskRunFilter {
  return composed<TaskRunFilter>(
    given,
    [
      ["state", given.state, inStates],
      ["task", given.task, (values) => ({ task_names: values })],
      ["run", given.run, (values) => ({ flow_run_ids: values })],
      ["tag", given.tag, (values) => ({ tags_any: values })],
    ],
    now,
  );
}
