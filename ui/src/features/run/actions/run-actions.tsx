import {
  Ban,
  ChevronDown,
  CirclePause,
  Ellipsis,
  Play,
  Repeat,
  RotateCw,
  SquarePen,
  Trash2,
} from "lucide-react";
import { useState } from "react";

import type { FlowRun } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/components/ui/menu";
import { isTerminal } from "@/lib/states";

import { CancelDialog, ForceCancelDialog } from "./cancel-dialog";
import { DeleteDialog } from "./delete-dialog";
import { RerunDialog } from "./rerun-dialog";
import { ResumeDialog } from "./resume-dialog";
import { RetryDialog } from "./retry-dialog";
import { StateDialog } from "./state-dialog";
import { SuspendDialog } from "./suspend-dialog";

const DIALOGS = {
  cancel: CancelDialog,
  "force-cancel": ForceCancelDialog,
  delete: DeleteDialog,
  rerun: RerunDialog,
  resume: ResumeDialog,
  retry: RetryDialog,
  state: StateDialog,
  suspend: SuspendDialog,
};

type Action = keyof typeof DIALOGS;

/** What can be done with a flow run as it stands: what it wants most stands beside its name, the rest in a menu. */
export function RunActions({ run }: { run: FlowRun }) {
  const [action, setAction] = useState<Action | null>(null);
  const { type, name } = run.state;
  const hasEnded = isTerminal(type);
  const isDeployed = run.deployment_id != null;
  const Dialog = action === null ? undefined : DIALOGS[action];
  return (
    <span className="flex flex-wrap items-center gap-2">
      {type === "PAUSED" && (
        <Button variant="primary" onClick={() => setAction("resume")}>
          <Play /> Resume
        </Button>
      )}
      {hasEnded && type !== "COMPLETED" && isDeployed && (
        <Button variant="primary" onClick={() => setAction("retry")}>
          <RotateCw /> Retry
        </Button>
      )}
      {!hasEnded && type !== "CANCELLING" && (
        <Button onClick={() => setAction("cancel")}>
          <Ban /> Cancel
        </Button>
      )}
      {type === "CANCELLING" && (
        <Button onClick={() => setAction("force-cancel")}>
          <Ban /> Force cancel
        </Button>
      )}
      <Menu>
        <MenuTrigger
          render={
            <Button aria-label="More actions">
              <Ellipsis />
              <ChevronDown className="text-ink-faint" />
            </Button>
          }
        />
        <MenuContent align="end">
          {!hasEnded && type !== "CANCELLING" && name !== "Suspended" && run.parent_flow_run_id == null && (
            <MenuItem onClick={() => setAction("suspend")}>
              <CirclePause /> Suspend…
            </MenuItem>
          )}
          {isDeployed && (
            <MenuItem onClick={() => setAction("rerun")}>
              <Repeat /> Run again…
            </MenuItem>
          )}
          <MenuItem onClick={() => setAction("state")}>
            <SquarePen /> Set the state…
          </MenuItem>
          {!hasEnded && (
            <MenuItem onClick={() => setAction("force-cancel")}>
              <Ban /> Force cancel…
            </MenuItem>
          )}
          <MenuSeparator />
          <MenuItem className="text-danger" onClick={() => setAction("delete")}>
            <Trash2 /> Delete…
          </MenuItem>
        </MenuContent>
      </Menu>
      {Dialog !== undefined && <Dialog run={run} onClose={() => setAction(null)} />}
    </span>
  );
}
