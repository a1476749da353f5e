import { Activity, Boxes, House, Rocket, Rows3, Settings, Workflow, type LucideIcon } from "lucide-react";

export interface NavigationEntry {
  to: "/" | "/runs" | "/flows" | "/deployments" | "/work-pools" | "/events" | "/settings";
  label: string;
  icon: LucideIcon;
  /** The second key after g: `g r` goes to the runs. */
  key: string;
  /** Other addresses that belong to this entry. */
  also?: readonly string[];
}

/** The pages that stand at the left, in their order. */
export const NAVIGATION: readonly NavigationEntry[] = [
  { to: "/", label: "Home", icon: House, key: "h" },
  { to: "/runs", label: "Runs", icon: Rows3, key: "r", also: ["/task-runs"] },
  { to: "/flows", label: "Flows", icon: Workflow, key: "f" },
  { to: "/deployments", label: "Deployments", icon: Rocket, key: "d" },
  { to: "/work-pools", label: "Work pools", icon: Boxes, key: "w" },
  { to: "/events", label: "Events", icon: Activity, key: "e" },
  { to: "/settings", label: "Settings", icon: Settings, key: "s" },
];

/** Whether an address belongs to an entry. */
export function isWithin(path: string, entry: NavigationEntry): boolean {
  if (entry.to === "/") return path === "/";
  return [entry.to, ...(entry.also ?? [])].some((to) => path === to || path.startsWith(`${to}/`));
}
