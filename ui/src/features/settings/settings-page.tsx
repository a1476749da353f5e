import { Page } from "@/components/page";

import { ConnectPanel } from "./connect-panel";
import { DatabasePanel } from "./database-panel";
import { DisplayPanel } from "./display-panel";
import { LoopsPanel } from "./loops-panel";
import { ServerPanel } from "./server-panel";

/** What the server is and keeps, how programs reach it, and how the viewer likes to see it all. */
export function SettingsPage() {
  return (
    <Page title="Settings">
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="grid min-w-0 gap-4">
          <ConnectPanel />
          <ServerPanel />
        </div>
        <div className="grid min-w-0 gap-4">
          <DisplayPanel />
          <DatabasePanel />
        </div>
        <LoopsPanel />
      </div>
    </Page>
  );
}
