import { isTerminal, type StateType } from "./states";

type Entered = { type: StateType; timestamp: string };

/** When a task run first entered Running, as its history tells. */
export function startOf(states: readonly Entered[]): string | undefined {
  return states.find(({ type }) => type === "RUNNING")?.timestamp;
}

/** When a task run ended, as its history tells. */
export function endOf(states: readonly Entered[]): string | undefined {
  const last = states.at(-1);
  return last !== undefined && isTerminal(last.type) ? last.timestamp : undefined;
}
