import { useNavigate } from "@tanstack/react-router";
import { ChevronDown, Pause, Pencil, Play, Trash2 } from "lucide-react";
import { useState } from "react";

import type { WorkPool } from "@/api/types";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Button } from "@/components/ui/button";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/components/ui/menu";
import { toast } from "@/components/ui/toast";
import { useChangeWorkPool } from "@/queries/use-change-work-pool";
import { useDeleteWorkPool } from "@/queries/use-delete-work-pool";

import { PoolDialog } from "./pool-dialog";

/** What can be done with a work pool. */
export function PoolActions({ pool }: { pool: WorkPool }) {
  const navigate = useNavigate();
  const change = useChangeWorkPool();
  const remove = useDeleteWorkPool();
  const [opened, setOpened] = useState<"edit" | "delete" | null>(null);
  const isPaused = pool.paused === true;
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Menu>
        <MenuTrigger
          render={
            <Button>
              More <ChevronDown />
            </Button>
          }
        />
        <MenuContent align="end">
          <MenuItem onClick={() => setOpened("edit")}>
            <Pencil /> Change limit and description…
          </MenuItem>
          <MenuSeparator />
          <MenuItem className="text-danger [&_svg]:text-danger" onClick={() => setOpened("delete")}>
            <Trash2 /> Delete…
          </MenuItem>
        </MenuContent>
      </Menu>
      <Button
        disabled={change.isPending}
        onClick={() =>
          change.mutate(
            { name: pool.name, paused: !isPaused },
            {
              onSuccess: () =>
                toast.done(isPaused ? "Its runs are taken up again" : "Nothing of it is taken up"),
              onError: (error) => toast.failed("The work pool stays as it is", error),
            },
          )
        }
      >
        {isPaused ? <Play /> : <Pause />} {isPaused ? "Resume" : "Pause"}
      </Button>
      {opened === "edit" && <PoolDialog pool={pool} onClose={() => setOpened(null)} />}
      {opened === "delete" && (
        <ConfirmDialog
          title={`Delete the work pool ${pool.name}?`}
          verb="Delete the work pool"
          isDanger
          isPending={remove.isPending}
          error={remove.error}
          onClose={() => setOpened(null)}
          onConfirm={() =>
            remove.mutate(pool.name, {
              onSuccess() {
                toast.done("The work pool is deleted");
                void navigate({ to: "/work-pools" });
              },
            })
          }
        >
          Its queues go with it, and its workers have nothing more to do. Runs that wait in it are not taken
          up.
        </ConfirmDialog>
      )}
    </span>
  );
}
