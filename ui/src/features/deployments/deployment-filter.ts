import type { DeploymentFilter } from "@/api/types";

/** What the address of the list of deployments says. */
export interface DeploymentsSearch {
  name?: string;
  tag?: string[];
  pool?: string[];
  status?: string[];
  not?: string[];
}

/** Returns the filter of deployments that an address means. */
export function deploymentFilter(search: DeploymentsSearch): DeploymentFilter {
  const parts: DeploymentFilter[] = [];
  const add = (
    key: string,
    values: string[] | undefined,
    make: (values: string[]) => DeploymentFilter | null,
  ) => {
    if (values === undefined || values.length === 0) return;
    const part = make(values);
    if (part !== null) parts.push(search.not?.includes(key) ? { not: part } : part);
  };
  add("tag", search.tag, (tags) => ({ any: tags.map((tag) => ({ tags_all: [tag] })) }));
  add("pool", search.pool, (pools) => ({ work_pool_names: pools }));
  add("status", search.status, (chosen) => {
    const known = chosen.filter((one) => one === "paused" || one === "active");
    return new Set(known).size === 1 ? { paused: known[0] === "paused" } : null;
  });
  const filter: DeploymentFilter = {};
  if (parts.length > 0) filter.all = parts;
  if (search.name !== undefined && search.name !== "") filter.text = search.name;
  return filter;
}
