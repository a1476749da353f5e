import { isTerminal, STATE_TYPES, type StateType, type Tone, toneOf } from "./states";

/** What a node of a run's graph says of the runs it stands for. */
export interface RunNode {
  kind: "TASK_RUNS" | "FLOW_RUNS" | "OTHERS";
  name: string;
  key: string;
  count: number;
  by_type: Record<string, number>;
  first: string;
  start_time?: string | null;
  end_time?: string | null;
}

// What wants to be seen comes first: a group with one failure among a thousand is shown as failed.
const BY_URGENCY: readonly StateType[] = [
  "FAILED",
  "CRASHED",
  "RUNNING",
  "CANCELLING",
  "PAUSED",
  "PENDING",
  "SCHEDULED",
  "CANCELLED",
  "COMPLETED",
];

/** The type of the state that matters most among a node's runs. */
export function typeOfNode(node: Pick<RunNode, "by_type">): StateType {
  return BY_URGENCY.find((type) => (node.by_type[type] ?? 0) > 0) ?? "PENDING";
}

/** What a node is drawn as. */
export function toneOfNode(node: Pick<RunNode, "by_type">): Tone {
  return toneOf(typeOfNode(node));
}

/** Whether some of a node's runs go on or are still to begin. */
export function isOpen(node: Pick<RunNode, "by_type">): boolean {
  return STATE_TYPES.some((type) => !isTerminal(type) && (node.by_type[type] ?? 0) > 0);
}

/** The parts of a node's runs by tone, the largest first; they add up to one. */
export function sharesOf(
  node: Pick<RunNode, "by_type" | "count">,
): { tone: Tone; type: StateType; share: number; count: number }[] {
  return BY_URGENCY.flatMap((type) => {
    const count = node.by_type[type] ?? 0;
    return count === 0 ? [] : [{ tone: toneOf(type), type, share: count / node.count, count }];
  });
}
