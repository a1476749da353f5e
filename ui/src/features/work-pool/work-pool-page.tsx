import { useMemo } from "react";

import { ErrorPanel } from "@/components/error-panel";
import { Page } from "@/components/page";
import { PoolStatus } from "@/components/runs/pool-status";
import { RunsPanel } from "@/components/runs/runs-panel";
import { Time } from "@/components/time";
import { Facts } from "@/components/ui/facts";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { numberOf } from "@/lib/plural";
import { useWorkPool } from "@/queries/use-work-pool";

import { PoolActions } from "./pool-actions";
import { QueuesPanel } from "./queues-panel";
import { TemplatePanel } from "./template-panel";
import { WorkersPanel } from "./workers-panel";

const UNDER_WAY = ["PENDING", "RUNNING", "CANCELLING"] as const;

/** A work pool: whether its runs are taken up and by whom, its queues, and what runs and waits in it. */
export function WorkPoolPage({ name }: { name: string }) {
  const asked = useWorkPool(name);
  const filter = useMemo(() => ({ work_pool_names: [name] }), [name]);
  if (!asked.isSuccess) {
    return (
      <Page title="Work pool">
        {asked.isPending && <Skeleton className="h-64 w-full rounded-xl" />}
        {asked.isError && (
          <ErrorPanel what="The work pool" error={asked.error} onRetry={() => void asked.refetch()} />
        )}
      </Page>
    );
  }
  const { value: pool, exact } = asked.data;
  return (
    <Page title={pool.name} actions={<PoolActions pool={pool} />}>
      <div className="grid gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <QueuesPanel pool={name} />
          <WorkersPanel pool={pool} />
          <TemplatePanel pool={name} template={exact.base_job_template ?? {}} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Panel title="Details" aside={<PoolStatus status={pool.status} />}>
            <Facts
              facts={[
                ["Type", pool.type],
                ["Description", pool.description],
                [
                  "Running",
                  `${numberOf(pool.slots_in_use ?? 0)}${pool.concurrency_limit == null ? ", without a limit" : ` of ${numberOf(pool.concurrency_limit)} at most`}`,
                ],
                ["Made", <Time key="made" at={pool.created} />],
                ["Changed", <Time key="changed" at={pool.updated} />],
              ]}
            />
          </Panel>
          <RunsPanel
            title="Running"
            filter={{ ...filter, state_types: [...UNDER_WAY] }}
            sort="ID_DESC"
            search={{ pool: [name], state: [...UNDER_WAY] }}
            empty="Nothing of it runs right now."
            shows="elapsed"
          />
          <RunsPanel
            title="Waiting and to come"
            filter={{ ...filter, state_types: ["SCHEDULED"] }}
            sort="ID_ASC"
            limit={200}
            byExpectedStart
            search={{ pool: [name], state: ["SCHEDULED"] }}
            empty="Nothing waits in it."
            shows="due"
          />
        </div>
      </div>
    </Page>
  );
}
