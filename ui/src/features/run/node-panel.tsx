import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";

import type { GraphEdge, GraphNode } from "@/api/types";
import { Duration } from "@/components/duration";
import { StateBadge } from "@/components/state-badge";
import { StateIcon } from "@/components/state-icon";
import { Time } from "@/components/time";
import { Button, buttonVariants } from "@/components/ui/button";
import { countOf, numberOf } from "@/lib/plural";
import { isOpen, sharesOf, toneOfNode, typeOfNode } from "@/lib/run-nodes";
import { labelOfType } from "@/lib/states";
import { relatives } from "@/lib/timeline";
import { useTaskRun } from "@/queries/use-task-run";

interface NodePanelProps {
  runId: string;
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
  selected: number;
  onSelect: (node: number | undefined) => void;
}

const SHOWN = 12;

/** What is known of the run, or the group of runs, that is selected, and what it depends on. */
export function NodePanel({ runId, nodes, edges, selected, onSelect }: NodePanelProps) {
  const node = nodes[selected]!;
  const isOne = node.count === 1;
  const taskRun = useTaskRun(isOne && node.kind === "TASK_RUNS" ? node.first : null);
  const state = taskRun.data?.states.at(-1) ?? {
    type: typeOfNode(node),
    name: labelOfType(typeOfNode(node)),
  };
  const near = relatives(edges, selected);
  return (
    <aside
      aria-label="The selected run"
      className="border-t border-line p-4 lg:w-80 lg:shrink-0 lg:overflow-y-auto lg:border-t-0 lg:border-l"
    >
      <header className="flex items-start justify-between gap-2">
        <h3 className="min-w-0 text-sm font-semibold break-words">{node.name || "Others"}</h3>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Select nothing"
          onClick={() => onSelect(undefined)}
        >
          <X />
        </Button>
      </header>
      <p className="mt-0.5 text-xs break-all text-ink-faint">
        {node.kind === "FLOW_RUNS" ? "Subflow" : node.kind === "TASK_RUNS" ? node.key : "Runs of many tasks"}
      </p>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        {isOne ? (
          <StateBadge state={state} />
        ) : (
          sharesOf(node).map(({ tone, type, count }) => (
            <span key={type} className="inline-flex items-center gap-1 text-xs">
              <StateIcon tone={tone} className="size-3.5" />
              {numberOf(count)} {labelOfType(type).toLowerCase()}
            </span>
          ))
        )}
      </div>
      {taskRun.data?.error && (
        <p className="mt-2 line-clamp-6 text-xs break-words text-danger">{taskRun.data.error.message}</p>
      )}
      <dl className="mt-3 grid grid-cols-[5rem_1fr] gap-y-1 text-xs">
        <dt className="text-ink-muted">Started</dt>
        <dd>
          <Time at={node.start_time} />
        </dd>
        <dt className="text-ink-muted">{isOne ? "Took" : "Within"}</dt>
        <dd>
          <Duration start={node.start_time} end={isOpen(node) ? null : node.end_time} />
        </dd>
      </dl>
      <div className="mt-3 flex flex-wrap gap-2">
        {isOne && node.kind === "TASK_RUNS" && (
          <>
            <Link
              to="/task-runs/$taskRunId"
              params={{ taskRunId: node.first }}
              className={buttonVariants({ size: "sm" })}
            >
              Open the task run
            </Link>
            <Link
              to="/runs/$runId"
              params={{ runId }}
              search={{ tab: "logs", task: node.first }}
              className={buttonVariants({ size: "sm", variant: "ghost" })}
            >
              Its logs
            </Link>
          </>
        )}
        {isOne && node.kind === "FLOW_RUNS" && (
          <Link to="/runs/$runId" params={{ runId: node.first }} className={buttonVariants({ size: "sm" })}>
            Open the subflow
          </Link>
        )}
        {!isOne && node.kind === "TASK_RUNS" && (
          <Link
            to="/task-runs"
            search={{ run: [runId], task: [node.name], from: node.start_time ?? undefined }}
            className={buttonVariants({ size: "sm" })}
          >
            List them
          </Link>
        )}
      </div>
      <Relatives title="Upstream" numbers={near.upstream} nodes={nodes} onSelect={onSelect} />
      <Relatives title="Downstream" numbers={near.downstream} nodes={nodes} onSelect={onSelect} />
    </aside>
  );
}

interface RelativesProps {
  title: string;
  numbers: readonly number[];
  nodes: readonly GraphNode[];
  onSelect: (node: number) => void;
}

function Relatives({ title, numbers, nodes, onSelect }: RelativesProps) {
  if (numbers.length === 0) return null;
  return (
    <section className="mt-4">
      <h4 className="text-xs font-medium text-ink-muted">
        {title} <span className="tabular text-ink-faint">{numberOf(numbers.length)}</span>
      </h4>
      <ul className="mt-1">
        {numbers.slice(0, SHOWN).map((number) => {
          const node = nodes[number]!;
          return (
            <li key={number}>
              <button
                type="button"
                className="flex w-full min-w-0 items-center gap-1.5 rounded px-1 py-0.5 text-left text-xs hover:bg-hover"
                onClick={() => onSelect(number)}
              >
                <StateIcon tone={toneOfNode(node)} className="size-3.5" />
                <span className="truncate">{node.name || "Others"}</span>
                {node.count > 1 && <span className="text-ink-faint">{countOf(node.count, "run")}</span>}
              </button>
            </li>
          );
        })}
      </ul>
      {numbers.length > SHOWN && (
        <p className="px-1 text-xs text-ink-faint">and {numberOf(numbers.length - SHOWN)} more</p>
      )}
    </section>
  );
}
