const PENSTOCK = /^penstock\.([a-z-]+)\.(.+)$/;

/** What an event is of, or concerns, by the labels that every event has. */
export interface Resource {
  id: string;
  /** Such as `flow-run`; none of somebody's own resources. */
  kind: string | undefined;
  /** What follows the kind in the id: a run's id, a pool's name. */
  key: string;
  name: string;
  role: string | undefined;
}

/** Ids tell runs apart by their end; where they begin says only when they were made. */
function shortened(key: string): string {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(key) ? key.slice(-8) : key;
}

/** Reads the labels of a resource. */
export function resourceOf(labels: Record<string, string>): Resource {
  const id = labels["penstock.resource.id"] ?? "";
  const parts = PENSTOCK.exec(id);
  return {
    id,
    kind: parts?.[1],
    key: parts?.[2] ?? id,
    name: labels["penstock.resource.name"] ?? shortened(parts?.[2] ?? id),
    role: labels["penstock.resource.role"],
  };
}
