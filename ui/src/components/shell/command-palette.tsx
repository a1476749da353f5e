import { useRouter } from "@tanstack/react-router";
import { Clock, Moon, Rows3, Search, Sun, SunMoon, Workflow, type LucideIcon } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Dialog as Base } from "@base-ui/react/dialog";

import type { FlowRunFilter } from "@/api/types";
import { StateBadge } from "@/components/state-badge";
import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { cn } from "@/lib/cn";
import { setPreference } from "@/lib/preferences";
import { useSettled } from "@/lib/use-settled";
import { useFlowRunSample } from "@/queries/use-flow-run-sample";
import { useFlowSuggestions } from "@/queries/use-flow-suggestions";

import { NAVIGATION } from "./navigation";

interface Command {
  id: string;
  group: string;
  icon: LucideIcon;
  label: string;
  aside?: ReactNode;
  act: () => void;
}

const FOUND = 6;

function runsCalled(text: string): FlowRunFilter {
  const isId = /^[0-9a-f-]{6,36}$/i.test(text);
  return isId ? { any: [{ text }, { id_prefix: text }] } : { text };
}

function useCommands(text: string): Command[] {
  const router = useRouter();
  const settled = useSettled(text.trim());
  const isSearch = settled !== "";
  const flows = useFlowSuggestions(settled, isSearch);
  const runs = useFlowRunSample({
    filter: runsCalled(settled),
    sort: "ID_DESC",
    limit: FOUND,
    enabled: isSearch,
  });
  const own: Command[] = [
    ...NAVIGATION.map(({ to, label, icon, key }) => ({
      id: to,
      group: "Go to",
      icon,
      label,
      aside: (
        <span className="flex gap-1">
          <Kbd>g</Kbd>
          <Kbd>{key}</Kbd>
        </span>
      ),
      act: () => void router.navigate({ to }),
    })),
    {
      id: "light",
      group: "Display",
      icon: Sun,
      label: "Light theme",
      act: () => setPreference("theme", "light"),
    },
    {
      id: "dark",
      group: "Display",
      icon: Moon,
      label: "Dark theme",
      act: () => setPreference("theme", "dark"),
    },
    {
      id: "system",
      group: "Display",
      icon: SunMoon,
      label: "Theme as the system",
      act: () => setPreference("theme", "system"),
    },
    {
      id: "relative",
      group: "Display",
      icon: Clock,
      label: "Relative times",
      act: () => setPreference("times", "relative"),
    },
    {
      id: "absolute",
      group: "Display",
      icon: Clock,
      label: "Absolute times",
      act: () => setPreference("times", "absolute"),
    },
  ];
  const wanted = text.trim().toLowerCase();
  const matching = own.filter(({ label }) => label.toLowerCase().includes(wanted));
  if (!isSearch) return matching;
  const foundRuns = (runs.data?.items ?? []).map((run) => ({
    id: run.id,
    group: "Runs",
    icon: Rows3,
    label: `${run.flow_name} / ${run.name}`,
    aside: <StateBadge state={run.state} />,
    act: () => void router.navigate({ to: "/runs/$runId", params: { runId: run.id } }),
  }));
  const foundFlows = (flows.data?.items ?? []).slice(0, FOUND).map((flow) => ({
    id: flow.id,
    group: "Flows",
    icon: Workflow,
    label: flow.name,
    act: () => void router.navigate({ to: "/runs", search: { flow: [flow.name] } }),
  }));
  return [...matching, ...foundRuns, ...foundFlows];
}

/** Goes anywhere and does anything, by a few letters. */
export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const commands = useCommands(text);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const at = Math.min(chosen, commands.length - 1);

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at]);

  function carryOut(command: Command | undefined) {
    if (command === undefined) return;
    onClose();
    command.act();
  }

  function press(event: KeyboardEvent) {
    if (event.key === "ArrowDown") setChosen((at + 1) % Math.max(1, commands.length));
    else if (event.key === "ArrowUp") setChosen((at - 1 + commands.length) % Math.max(1, commands.length));
    else if (event.key === "Enter") carryOut(commands[at]);
    else return;
    event.preventDefault();
  }

  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/25 dark:bg-black/50" />
        <Base.Popup
          aria-label="Search and commands"
          className="fixed top-[max(1rem,12vh)] left-1/2 z-50 flex max-h-[min(32rem,76vh)] w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-float outline-none"
        >
          <div className="flex items-center gap-2.5 border-b border-line px-4">
            <Search aria-hidden className="size-4 shrink-0 text-ink-faint" />
            <input
              role="combobox"
              aria-label="Search runs, flows, pages and commands"
              aria-expanded
              aria-controls={listId}
              aria-activedescendant={commands[at] && `${listId}-${at}`}
              placeholder="Search runs, flows, pages and commands"
              className="h-12 w-full bg-transparent text-[0.9375rem] outline-none placeholder:text-ink-faint"
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setChosen(0);
              }}
              onKeyDown={press}
            />
          </div>
          <div
            ref={list}
            id={listId}
            role="listbox"
            aria-label="Commands"
            className="min-h-0 overflow-y-auto p-1.5"
          >
            {commands.length === 0 && (
              <p className="px-3 py-8 text-center text-ink-muted">Nothing is called so.</p>
            )}
            {commands.map((command, index) => (
              <div key={`${command.group} ${command.id}`} role="presentation">
                {command.group !== commands[index - 1]?.group && (
                  <div role="presentation" className="px-2.5 pt-2 pb-1 text-xs text-ink-faint">
                    {command.group}
                  </div>
                )}
                {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the field has the keys */}
                <div
                  id={`${listId}-${index}`}
                  role="option"
                  aria-selected={index === at}
                  className={cn(
                    "flex h-9 cursor-default items-center gap-2.5 rounded-md px-2.5",
                    index === at && "bg-hover",
                  )}
                  onMouseMove={() => index !== at && setChosen(index)}
                  onClick={() => carryOut(command)}
                >
                  <command.icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
                  <span className="min-w-0 flex-1 truncate">{command.label}</span>
                  {command.aside}
                </div>
              </div>
            ))}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Dialog>
  );
}
