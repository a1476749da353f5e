export const STATE_TYPES = [
  "SCHEDULED",
  "PENDING",
  "RUNNING",
  "PAUSED",
  "CANCELLING",
  "COMPLETED",
  "FAILED",
  "CRASHED",
  "CANCELLED",
] as const;

export type StateType = (typeof STATE_TYPES)[number];

/** What a state is drawn as. Names that the server or a user made up take the tone of their type. */
export type Tone =
  | "scheduled"
  | "late"
  | "pending"
  | "running"
  | "retrying"
  | "paused"
  | "cancelling"
  | "completed"
  | "cached"
  | "failed"
  | "crashed"
  | "cancelled";

const BY_TYPE: Record<StateType, Tone> = {
  SCHEDULED: "scheduled",
  PENDING: "pending",
  RUNNING: "running",
  PAUSED: "paused",
  CANCELLING: "cancelling",
  COMPLETED: "completed",
  FAILED: "failed",
  CRASHED: "crashed",
  CANCELLED: "cancelled",
};

const BY_NAME: Partial<Record<string, Tone>> = {
  Late: "late",
  AwaitingRetry: "retrying",
  Retrying: "retrying",
  Cached: "cached",
  TimedOut: "failed",
  RolledBack: "completed",
};

/** The tone of a state, by its name where that says more than its type. */
export function toneOf(type: StateType, name?: string): Tone {
  return (name !== undefined && Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined) ?? BY_TYPE[type];
}

/** A state's name as people read it: `AwaitingConcurrencySlot` is `Awaiting concurrency slot`. */
export function labelOf(name: string): string {
  if (!/^[A-Z][A-Za-z]+$/.test(name)) return name;
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").split(" ");
  return words.map((word, index) => (index === 0 ? word : word.toLowerCase())).join(" ");
}

/** A type's name as people read it: `COMPLETED` is `Completed`. */
export function labelOfType(type: StateType): string {
  return type.charAt(0) + type.slice(1).toLowerCase();
}

/** Whether a run in a state of this type has ended. */
export function isTerminal(type: StateType): boolean {
  return type === "COMPLETED" || type === "FAILED" || type === "CRASHED" || type === "CANCELLED";
}
