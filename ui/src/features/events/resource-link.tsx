import { Link } from "@tanstack/react-router";

import { cn } from "@/lib/cn";
import type { Resource } from "@/lib/resources";

/** What an event is of, or concerns: the way to it, where a page shows it. */
export function ResourceLink({ resource, className }: { resource: Resource; className?: string }) {
  const { kind, key, name } = resource;
  const style = cn("truncate rounded hover:underline", className);
  if (kind === "flow-run")
    return (
      <Link to="/runs/$runId" params={{ runId: key }} preload={false} className={style}>
        {name}
      </Link>
    );
  if (kind === "task-run")
    return (
      <Link to="/task-runs/$taskRunId" params={{ taskRunId: key }} preload={false} className={style}>
        {name}
      </Link>
    );
  if (kind === "tag")
    return (
      <Link to="/runs" search={{ tag: [key] }} preload={false} className={style}>
        {name}
      </Link>
    );
  if (kind === "flow")
    return (
      <Link to="/flows/$flowId" params={{ flowId: key }} preload={false} className={style}>
        {name}
      </Link>
    );
  if (kind === "deployment")
    return (
      <Link to="/deployments/$deploymentId" params={{ deploymentId: key }} preload={false} className={style}>
        {name}
      </Link>
    );
  if (kind === "work-pool")
    return (
      <Link to="/work-pools/$pool" params={{ pool: key }} preload={false} className={style}>
        {name}
      </Link>
    );
  return <span className={cn("truncate", className)}>{name}</span>;
}
