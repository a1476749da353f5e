import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";

import type { GraphNode } from "@/api/types";
import { DataTable } from "@/components/data-table";
import { Duration } from "@/components/duration";
import { StateIcon } from "@/components/state-icon";
import { Time } from "@/components/time";
import { numberOf } from "@/lib/plural";
import { isOpen, sharesOf } from "@/lib/run-nodes";
import { labelOfType } from "@/lib/states";

const COLUMNS: ColumnDef<GraphNode>[] = [
  {
    id: "name",
    header: "Run",
    meta: { className: "flex-1" },
    cell: ({ row: { original: node } }) => <NodeName node={node} />,
  },
  {
    id: "states",
    header: "State",
    meta: { className: "w-auto sm:w-48" },
    cell: ({ row: { original: node } }) => (
      <span className="flex flex-wrap gap-x-2 truncate">
        {sharesOf(node).map(({ tone, type, count }) => (
          <span key={type} className="flex items-center gap-1">
            <StateIcon tone={tone} className="size-3.5" />
            {node.count > 1 && numberOf(count)} {labelOfType(type)}
          </span>
        ))}
      </span>
    ),
  },
  {
    id: "runs",
    header: "Runs",
    meta: { className: "hidden w-16 justify-end sm:flex" },
    cell: ({ row }) => <span className="tabular">{numberOf(row.original.count)}</span>,
  },
  {
    id: "started",
    header: "Started",
    meta: { className: "hidden w-32 sm:flex" },
    cell: ({ row }) => <Time at={row.original.start_time} className="truncate text-ink-muted" />,
  },
  {
    id: "took",
    header: "Took",
    meta: { className: "w-20 justify-end text-right" },
    cell: ({ row: { original: node } }) => (
      <Duration start={node.start_time} end={isOpen(node) ? null : node.end_time} />
    ),
  },
];

/** What the timeline and the graph show, as a table. */
export function NodeTable({ nodes }: { nodes: readonly GraphNode[] }) {
  return (
    <DataTable
      label="Runs within this run"
      rows={nodes as GraphNode[]}
      columns={COLUMNS}
      rowId={(node) => `${node.kind} ${node.first} ${node.count}`}
      rowName={(node) => node.name}
    />
  );
}

function NodeName({ node }: { node: GraphNode }) {
  const name = node.name || "Others";
  const style = "truncate rounded font-medium hover:underline";
  if (node.count > 1 || node.kind === "OTHERS") return <span className="truncate">{name}</span>;
  return node.kind === "TASK_RUNS" ? (
    <Link
      to="/task-runs/$taskRunId"
      params={{ taskRunId: node.first }}
      preload={false}
      data-row-target
      className={style}
    >
      {name}
    </Link>
  ) : (
    <Link to="/runs/$runId" params={{ runId: node.first }} preload={false} data-row-target className={style}>
      {name}
    </Link>
  );
}
