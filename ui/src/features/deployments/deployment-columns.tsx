import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";

import type { Deployment } from "@/api/types";
import { TagList } from "@/components/tag-list";
import { Time } from "@/components/time";
import { Switch } from "@/components/ui/switch";
import { toast } from "@/components/ui/toast";
import { scheduleWords } from "@/lib/schedule-words";
import { usePauseDeployments } from "@/queries/use-pause-deployments";

/** The columns of deployments. */
export const DEPLOYMENT_COLUMNS: ColumnDef<Deployment>[] = [
  {
    id: "deployment",
    header: "Deployment",
    meta: { className: "flex-1 gap-2" },
    cell: ({ row: { original } }) => (
      <>
        <Link
          to="/deployments/$deploymentId"
          params={{ deploymentId: original.id }}
          preload={false}
          data-row-target
          className="flex min-w-0 items-baseline gap-1.5 rounded hover:underline"
        >
          <span className="truncate font-medium">{original.spec.name}</span>
          <span className="truncate text-ink-muted">{original.spec.flow_name}</span>
        </Link>
        <span className="hidden shrink-0 xl:block">
          <TagList tags={original.spec.tags} />
        </span>
      </>
    ),
  },
  {
    id: "pool",
    header: "Work pool",
    meta: { className: "hidden w-32 md:flex" },
    cell: ({ row: { original } }) =>
      original.spec.work_pool_name ? (
        <Link
          to="/work-pools/$pool"
          params={{ pool: original.spec.work_pool_name }}
          className="truncate rounded text-ink-muted hover:text-ink hover:underline"
        >
          {original.spec.work_pool_name}
        </Link>
      ) : (
        <span className="text-ink-faint">served</span>
      ),
  },
  {
    id: "schedules",
    header: "Schedules",
    meta: { className: "hidden w-64 lg:flex" },
    cell: ({ row }) => <Schedules deployment={row.original} />,
  },
  {
    id: "changed",
    header: "Changed",
    meta: { className: "hidden w-28 sm:flex" },
    cell: ({ row }) => <Time at={row.original.updated} className="truncate text-ink-muted" />,
  },
  {
    id: "on",
    header: "On",
    meta: { className: "w-9 justify-end" },
    cell: ({ row }) => <OnSwitch deployment={row.original} />,
  },
];

function Schedules({ deployment }: { deployment: Deployment }) {
  const schedules = deployment.spec.schedules ?? [];
  if (schedules.length === 0) return <span className="text-ink-faint">–</span>;
  const first = schedules.find(({ active }) => active !== false) ?? schedules[0]!;
  return (
    <span className="flex min-w-0 gap-1.5 text-ink-muted">
      <span className="truncate">{scheduleWords(first.schedule)}</span>
      {schedules.length > 1 && <span className="shrink-0 text-ink-faint">+{schedules.length - 1}</span>}
    </span>
  );
}

function OnSwitch({ deployment }: { deployment: Deployment }) {
  const pause = usePauseDeployments();
  const { spec } = deployment;
  return (
    <Switch
      aria-label={`Schedules of ${spec.flow_name}/${spec.name}`}
      checked={spec.paused !== true}
      disabled={pause.isPending}
      onCheckedChange={(isOn) =>
        pause.mutate(
          { ids: [deployment.id], paused: !isOn },
          {
            onSuccess({ refusal }) {
              if (refusal !== undefined) toast.failed("The schedules stay as they are", refusal);
            },
          },
        )
      }
    />
  );
}
