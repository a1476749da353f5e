import { useNavigate } from "@tanstack/react-router";
import {
  CalendarClock,
  ChevronDown,
  Copy,
  History,
  Pause,
  Play,
  SlidersHorizontal,
  Trash2,
} from "lucide-react";
import { useState } from "react";

import type { Deployment } from "@/api/types";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Button } from "@/components/ui/button";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/components/ui/menu";
import { toast } from "@/components/ui/toast";
import type { JsonObject } from "@/lib/exact-json";
import { newId } from "@/lib/ids";
import { useChangeDeployment } from "@/queries/use-change-deployment";
import { useDeleteDeployment } from "@/queries/use-delete-deployment";
import { useRunDeployment } from "@/queries/use-run-deployment";

import { BackfillDialog } from "./backfill-dialog";
import { ParametersDialog } from "./parameters-dialog";
import { RunDialog } from "./run-dialog";

interface DeploymentActionsProps {
  deployment: Deployment;
  /** Its specification, as it was written. */
  spec: JsonObject;
}

type Opened = "run" | "backfill" | "parameters" | "delete";

/** What can be done with a deployment. */
export function DeploymentActions({ deployment, spec }: DeploymentActionsProps) {
  const navigate = useNavigate();
  const [opened, setOpened] = useState<Opened | null>(null);
  const run = useRunDeployment();
  const change = useChangeDeployment();
  const remove = useDeleteDeployment();
  const isPaused = deployment.spec.paused === true;
  const close = () => setOpened(null);

  function runNow() {
    run.mutate(
      { id: deployment.id, flow_run_id: newId() },
      {
        onSuccess: ({ flow_run }) => void navigate({ to: "/runs/$runId", params: { runId: flow_run.id } }),
        onError: (error) => toast.failed("No run was made", error),
      },
    );
  }

  function setPaused(paused: boolean) {
    change.mutate(
      { id: deployment.id, paused },
      {
        onSuccess: () => toast.done(paused ? "Its schedules rest" : "Its schedules make runs again"),
        onError: (error) => toast.failed("The deployment stays as it is", error),
      },
    );
  }

  return (
    <span className="flex flex-wrap items-center gap-2">
      <Button disabled={change.isPending} onClick={() => setPaused(!isPaused)}>
        {isPaused ? <Play /> : <Pause />} {isPaused ? "Resume" : "Pause"}
      </Button>
      <Menu>
        <MenuTrigger
          render={
            <Button>
              More <ChevronDown />
            </Button>
          }
        />
        <MenuContent align="end">
          <MenuItem onClick={() => setOpened("parameters")}>
            <SlidersHorizontal /> Change parameters…
          </MenuItem>
          <MenuItem onClick={() => setOpened("backfill")}>
            <History /> Backfill…
          </MenuItem>
          <MenuItem onClick={() => void navigator.clipboard.writeText(deployment.id)}>
            <Copy /> Copy the id
          </MenuItem>
          <MenuSeparator />
          <MenuItem className="text-danger [&_svg]:text-danger" onClick={() => setOpened("delete")}>
            <Trash2 /> Delete…
          </MenuItem>
        </MenuContent>
      </Menu>
      <Button onClick={() => setOpened("run")}>
        <CalendarClock /> Custom run…
      </Button>
      <Button variant="primary" disabled={run.isPending} onClick={runNow}>
        <Play /> Run now
      </Button>
      {opened === "run" && <RunDialog deployment={deployment} spec={spec} onClose={close} />}
      {opened === "backfill" && <BackfillDialog deployment={deployment} onClose={close} />}
      {opened === "parameters" && <ParametersDialog deployment={deployment} spec={spec} onClose={close} />}
      {opened === "delete" && (
        <ConfirmDialog
          title={`Delete ${deployment.spec.flow_name}/${deployment.spec.name}?`}
          verb="Delete the deployment"
          isDanger
          isPending={remove.isPending}
          error={remove.error}
          onClose={close}
          onConfirm={() =>
            remove.mutate(deployment.id, {
              onSuccess() {
                toast.done("The deployment is deleted");
                void navigate({ to: "/deployments" });
              },
            })
          }
        >
          Its schedules, its versions and the runs that have not started go with it. Runs that have started
          stay.
        </ConfirmDialog>
      )}
    </span>
  );
}
