import { useNavigate } from "@tanstack/react-router";
import { Keyboard, LogOut, MonitorCog, Moon, Sun } from "lucide-react";

import { signOut } from "@/api/session";
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
import { wantsKey } from "@/lib/base";
import { setPreference, usePreferences, type Theme } from "@/lib/preferences";
import type { TimeStyle } from "@/lib/time";

const THEME_ICONS = { system: MonitorCog, light: Sun, dark: Moon };

/** What a viewer sets for themselves, and the way out. */
export default function Account({ onShortcuts }: { onShortcuts: () => void }) {
  const { theme, times } = usePreferences();
  const navigate = useNavigate();
  const Icon = THEME_ICONS[theme];
  async function leave() {
    try {
      await signOut();
      await navigate({ to: "/login" });
    } catch (error) {
      toast.failed("You are still signed in", error);
    }
  }
  return (
    <Menu>
      <MenuTrigger
        render={
          <Button variant="ghost" size="sm">
            <Icon /> Display
          </Button>
        }
      />
      <MenuContent side="top" align="start">
        <MenuGroup>
          <MenuLabel>Theme</MenuLabel>
          <MenuRadioGroup value={theme} onValueChange={(value) => setPreference("theme", value as Theme)}>
            <MenuRadioItem value="system">As the system</MenuRadioItem>
            <MenuRadioItem value="light">Light</MenuRadioItem>
            <MenuRadioItem value="dark">Dark</MenuRadioItem>
          </MenuRadioGroup>
        </MenuGroup>
        <MenuSeparator />
        <MenuGroup>
          <MenuLabel>Times</MenuLabel>
          <MenuRadioGroup value={times} onValueChange={(value) => setPreference("times", value as TimeStyle)}>
            <MenuRadioItem value="relative">Relative</MenuRadioItem>
            <MenuRadioItem value="absolute">Absolute</MenuRadioItem>
          </MenuRadioGroup>
        </MenuGroup>
        <MenuSeparator />
        <MenuItem onClick={onShortcuts}>
          <Keyboard /> Keyboard shortcuts
        </MenuItem>
        {wantsKey && (
          <MenuItem onClick={() => void leave()}>
            <LogOut /> Sign out
          </MenuItem>
        )}
      </MenuContent>
    </Menu>
  );
}
