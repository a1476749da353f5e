import { LogOut } from "lucide-react";
import { useId } from "react";
import { useNavigate } from "@tanstack/react-router";

import { signOut } from "@/api/session";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { Segmented } from "@/components/ui/segmented";
import { toast } from "@/components/ui/toast";
import { wantsKey } from "@/lib/base";
import { setPreference, usePreferences } from "@/lib/preferences";
import { ownZone } from "@/lib/time";

import { Fact, Facts } from "./facts";

/** How the viewer likes to see things. It is kept in this browser. */
export function DisplayPanel() {
  const { theme, times, zone } = usePreferences();
  const zoneId = useId();
  const navigate = useNavigate();
  async function leave() {
    try {
      await signOut();
      await navigate({ to: "/login" });
    } catch (error) {
      toast.failed("You are still signed in", error);
    }
  }
  return (
    <Panel title="Display" aside={<span className="text-xs text-ink-faint">kept in this browser</span>}>
      <Facts>
        <Fact label="Theme">
          <Segmented
            label="Theme"
            value={theme}
            options={[
              { value: "system", label: "System" },
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
            ]}
            onChange={(chosen) => setPreference("theme", chosen)}
          />
        </Fact>
        <Fact label="Times">
          <Segmented
            label="Times"
            value={times}
            options={[
              { value: "relative", label: "Relative" },
              { value: "absolute", label: "Absolute" },
            ]}
            onChange={(chosen) => setPreference("times", chosen)}
          />
        </Fact>
        <div className="flex min-h-9 items-center justify-between gap-4">
          <dt className="shrink-0 text-ink-muted">
            <label htmlFor={zoneId}>Time zone</label>
          </dt>
          <dd className="min-w-0">
            <select
              id={zoneId}
              value={zone}
              onChange={(event) => setPreference("zone", event.target.value)}
              className="h-8 w-full max-w-60 rounded-md border border-line bg-surface px-2 text-sm shadow-panel hover:border-line-strong"
            >
              <option value="">This machine’s ({ownZone()})</option>
              {zones().map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </dd>
        </div>
        {wantsKey && (
          <Fact label="Session">
            <Button size="sm" onClick={() => void leave()}>
              <LogOut /> Sign out
            </Button>
          </Fact>
        )}
      </Facts>
    </Panel>
  );
}

function zones(): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return known.includes("UTC") ? known : ["UTC", ...known];
}
