import { Bookmark, ChevronDown, Link2, Pencil, Plus, RotateCcw, Save, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import type { View, ViewKind } from "@/api/types";
import { Button } from "@/components/ui/button";
import {
  Menu,
  MenuContent,
  MenuGroup,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from "@/components/ui/menu";
import { toast } from "@/components/ui/toast";
import { useViewChanges } from "@/queries/use-view-changes";
import { useViews } from "@/queries/use-views";

import { conditionsOf, isSame } from "./view-conditions";
import { DeleteViewDialog, NameViewDialog } from "./view-dialogs";

interface SavedViewsProps<Search extends { view?: string }> {
  kind: ViewKind;
  search: Search;
  onSearch: (search: Search) => void;
}

type Asked = "save" | "rename" | "delete";

/** The saved views of a list: to choose, to save, to change; everybody in the workspace has them. */
export function SavedViews<Search extends { view?: string }>({
  kind,
  search,
  onSearch,
}: SavedViewsProps<Search>) {
  const views = useViews(kind);
  const { change } = useViewChanges(kind);
  const [asked, setAsked] = useState<Asked | null>(null);
  const items = views.data?.items ?? [];
  const chosen = items.find(({ id }) => id === search.view);
  const isChanged = chosen !== undefined && !isSame(chosen.filter, search);
  const show = (view: View) => onSearch({ ...view.filter, view: view.id } as Search);
  useViewOfAddress(chosen, search, show);

  function saveChanges(view: View) {
    change.mutate(
      { id: view.id, filter: conditionsOf(search) },
      {
        onSuccess: () => toast.done(`“${view.name}” is saved`),
        onError: (error) => toast.failed(`“${view.name}” is not saved`, error),
      },
    );
  }

  async function copyLink() {
    try {
      await navigator.clipboard.writeText(location.href);
      toast.done("The link is copied", "It shows the same list to whoever opens it.");
    } catch (error) {
      toast.failed("Nothing was copied", error);
    }
  }

  return (
    <>
      <Menu>
        <MenuTrigger
          render={
            <Button className="max-w-64">
              <Bookmark className="text-ink-faint" />
              <span className="truncate">{chosen?.name ?? "Views"}</span>
              {isChanged && <span className="text-xs font-normal text-ink-faint">changed</span>}
              <ChevronDown className="text-ink-faint" />
            </Button>
          }
        />
        <MenuContent align="end" className="max-w-80">
          <MenuGroup>
            <MenuLabel>Saved views</MenuLabel>
            {views.isError && <p className="px-2 py-1.5 text-danger">They can’t be shown.</p>}
            {views.isSuccess && items.length === 0 && (
              <p className="px-2 py-1.5 text-ink-muted">None yet. Save the conditions of this list as one.</p>
            )}
            <MenuRadioGroup
              value={chosen?.id ?? ""}
              onValueChange={(id) => {
                const view = items.find((one) => one.id === id);
                if (view !== undefined) show(view);
              }}
            >
              {items.map((view) => (
                <MenuRadioItem key={view.id} value={view.id} closeOnClick>
                  <span className="truncate">{view.name}</span>
                </MenuRadioItem>
              ))}
            </MenuRadioGroup>
          </MenuGroup>
          <MenuSeparator />
          {isChanged && (
            <MenuItem onClick={() => saveChanges(chosen)}>
              <Save /> Save changes
            </MenuItem>
          )}
          {isChanged && (
            <MenuItem onClick={() => show(chosen)}>
              <RotateCcw /> Undo changes
            </MenuItem>
          )}
          <MenuItem onClick={() => setAsked("save")}>
            <Plus /> Save as a new view…
          </MenuItem>
          {chosen !== undefined && (
            <MenuItem onClick={() => setAsked("rename")}>
              <Pencil /> Rename…
            </MenuItem>
          )}
          {chosen !== undefined && (
            <MenuItem onClick={() => setAsked("delete")}>
              <Trash2 /> Delete…
            </MenuItem>
          )}
          <MenuItem onClick={() => void copyLink()}>
            <Link2 /> Copy the link
          </MenuItem>
        </MenuContent>
      </Menu>
      {asked === "save" && (
        <NameViewDialog
          kind={kind}
          filter={conditionsOf(search)}
          onClose={() => setAsked(null)}
          onDone={(view) => {
            setAsked(null);
            onSearch({ ...search, view: view.id });
          }}
        />
      )}
      {asked === "rename" && chosen !== undefined && (
        <NameViewDialog
          kind={kind}
          view={chosen}
          onClose={() => setAsked(null)}
          onDone={() => setAsked(null)}
        />
      )}
      {asked === "delete" && chosen !== undefined && (
        <DeleteViewDialog
          kind={kind}
          view={chosen}
          onClose={() => setAsked(null)}
          onDone={() => {
            setAsked(null);
            onSearch({ ...search, view: undefined });
          }}
        />
      )}
    </>
  );
}

/** Shows the view that an address names and says no more than that. */
function useViewOfAddress(chosen: View | undefined, search: object, show: (view: View) => void) {
  const shown = useRef<string | undefined>(undefined);
  const latest = useRef(show);
  useEffect(() => {
    latest.current = show;
  });
  const saysNoMore = Object.keys(conditionsOf(search)).length === 0;
  useEffect(() => {
    if (chosen === undefined || shown.current === chosen.id) return;
    shown.current = chosen.id;
    if (saysNoMore) latest.current(chosen);
  }, [chosen, saysNoMore]);
}
