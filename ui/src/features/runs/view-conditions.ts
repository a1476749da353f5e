/** The conditions of a list, as its address has them; `view` names the saved view they came from. */
export type Conditions = Record<string, unknown>;

function isGiven(value: unknown): boolean {
  return (
    value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0)
  );
}

/** What of an address is saved: all that it says, but for the view. */
export function conditionsOf(search: object): Conditions {
  return Object.fromEntries(
    Object.entries(search).filter(([name, value]) => name !== "view" && isGiven(value)),
  );
}

/** Whether two addresses say the same. */
export function isSame(one: object, other: object): boolean {
  const sorted = (search: object) =>
    JSON.stringify(Object.entries(conditionsOf(search)).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(one) === sorted(other);
}
