import { Snippet } from "@/components/snippet";
import { Panel } from "@/components/ui/panel";
import { basePath, wantsKey } from "@/lib/base";

const url = `${location.origin}${basePath}`;

/** How programs and workers reach this server: lines to copy. */
export function ConnectPanel() {
  return (
    <Panel title="Connect">
      <div className="space-y-3 px-4 pb-4">
        <p className="text-ink-muted">
          Programs with these settings report to this server.{" "}
          {wantsKey && "The key is the one you signed in with."}
        </p>
        <Snippet
          label="For this shell"
          code={`export PENSTOCK_API_URL=${url}${wantsKey ? "\nexport PENSTOCK_API_KEY=…" : ""}`}
        />
        <Snippet
          label="For every program of yours, as a profile"
          code={[
            "penstock profile create team",
            `penstock --profile team config set PENSTOCK_API_URL=${url}`,
            ...(wantsKey ? ["penstock --profile team config set PENSTOCK_API_KEY=…"] : []),
            "penstock profile use team",
          ].join("\n")}
        />
        <Snippet label="A worker for the pool “local”" code="penstock worker start --pool local" />
      </div>
    </Panel>
  );
}
