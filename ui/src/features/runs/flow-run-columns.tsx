import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";

import type { FlowRun } from "@/api/types";
import { Duration } from "@/components/duration";
import { FlowRunLink } from "@/components/runs/flow-run-link";
import { StateBadge } from "@/components/state-badge";
import { TagList } from "@/components/tag-list";
import { Time } from "@/components/time";

/** The columns of flow runs. */
export const FLOW_RUN_COLUMNS: ColumnDef<FlowRun>[] = [
  {
    id: "run",
    header: "Run",
    meta: { className: "flex-1 gap-2", sort: "NAME" },
    cell: ({ row }) => (
      <>
        <FlowRunLink run={row.original} />
        <span className="hidden shrink-0 xl:block">
          <TagList tags={row.original.tags} />
        </span>
      </>
    ),
  },
  {
    id: "state",
    header: "State",
    meta: { className: "w-auto sm:w-32" },
    cell: ({ row }) => <StateBadge state={row.original.state} />,
  },
  {
    id: "pool",
    header: "Work pool",
    meta: { className: "hidden w-32 lg:flex" },
    cell: ({ row }) =>
      row.original.work_pool_name ? (
        <Link
          to="/runs"
          search={{ pool: [row.original.work_pool_name] }}
          className="truncate rounded text-ink-muted hover:text-ink hover:underline"
        >
          {row.original.work_pool_name}
        </Link>
      ) : (
        <span className="text-ink-faint">–</span>
      ),
  },
  {
    id: "started",
    header: "Started",
    meta: { className: "hidden w-32 sm:flex", sort: "START_TIME" },
    cell: ({ row: { original: run } }) =>
      !run.start_time && run.expected_start && run.state.type === "SCHEDULED" ? (
        <span className="flex gap-1 truncate text-ink-muted">
          due <Time at={run.expected_start} />
        </span>
      ) : (
        <Time at={run.start_time} className="truncate text-ink-muted" />
      ),
  },
  {
    id: "took",
    header: "Took",
    meta: { className: "hidden w-20 justify-end text-right md:flex" },
    cell: ({ row }) => <Duration start={row.original.start_time} end={row.original.end_time} />,
  },
];
