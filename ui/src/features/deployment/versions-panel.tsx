import { GitCompare, RotateCcw } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import type { Deployment, DeploymentVersion } from "@/api/types";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { ErrorPanel } from "@/components/error-panel";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { useDeploymentVersions } from "@/queries/use-deployment-versions";
import { usePromoteVersion } from "@/queries/use-promote-version";

const VersionDiff = lazy(async () => ({ default: (await import("./version-diff")).VersionDiff }));

/** A deployment's versions: what changed with each, and the way back to an earlier one or on to a newer one. */
export function VersionsPanel({ deployment }: { deployment: Deployment }) {
  const versions = useDeploymentVersions(deployment.id);
  const promote = usePromoteVersion();
  const [compared, setCompared] = useState<DeploymentVersion | null>(null);
  const [chosen, setChosen] = useState<DeploymentVersion | null>(null);
  const items = versions.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel title="Versions">
      {versions.isPending && <Skeleton className="mx-4 mb-4 h-16" />}
      {versions.isError && (
        <div className="px-4 pb-4">
          <ErrorPanel what="The versions" error={versions.error} onRetry={() => void versions.refetch()} />
        </div>
      )}
      <ul className="max-h-96 overflow-y-auto pb-1.5">
        {items.map((version) => (
          <li key={version.number} className="flex min-h-10 items-center gap-3 px-4 hover:bg-hover">
            <span className="tabular w-8 shrink-0 font-medium">{version.number}</span>
            <span className="min-w-0 flex-1 truncate text-ink-muted">
              {version.note ?? version.spec.version ?? "Deployed"}
              <span className="text-ink-faint"> by {version.author}</span>
            </span>
            <Time at={version.created} className="hidden shrink-0 text-xs text-ink-muted sm:block" />
            {version.is_current ? (
              <span className="tone-completed tone-wash tone-ink rounded-full px-2 text-xs font-medium">
                current
              </span>
            ) : (
              <>
                <Button
                  variant="ghost"
                  size="sm"
                  aria-label={`Compare version ${version.number}`}
                  onClick={() => setCompared(version)}
                >
                  <GitCompare /> Compare
                </Button>
                <Button
                  variant="ghost"
                  size="sm"
                  aria-label={`${version.number < deployment.version_number ? "Roll back to" : "Promote"} version ${version.number}`}
                  onClick={() => {
                    promote.reset();
                    setChosen(version);
                  }}
                >
                  <RotateCcw /> {version.number < deployment.version_number ? "Roll back" : "Promote"}
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
      {versions.hasNextPage && (
        <Button
          variant="ghost"
          size="sm"
          className="mx-4 mb-3"
          disabled={versions.isFetchingNextPage}
          onClick={() => void versions.fetchNextPage()}
        >
          Earlier versions
        </Button>
      )}
      {compared !== null && (
        <Dialog open onOpenChange={(isOpen) => !isOpen && setCompared(null)}>
          <DialogContent
            title={`Version ${compared.number} beside version ${deployment.version_number}`}
            description="Lines with − are the current version’s, lines with + are what it would become."
            className="max-w-3xl"
          >
            <Suspense fallback={<Skeleton className="h-40 w-full" />}>
              <VersionDiff from={deployment.spec} to={compared.spec} />
            </Suspense>
          </DialogContent>
        </Dialog>
      )}
      {chosen !== null && (
        <ConfirmDialog
          title={`${chosen.number < deployment.version_number ? "Roll back to" : "Promote"} version ${chosen.number}?`}
          verb={chosen.number < deployment.version_number ? "Roll back" : "Promote"}
          isPending={promote.isPending}
          error={promote.error}
          onClose={() => setChosen(null)}
          onConfirm={() =>
            promote.mutate(
              { id: deployment.id, number: chosen.number },
              {
                onSuccess() {
                  toast.done(`Runs go by version ${chosen.number}`);
                  setChosen(null);
                },
              },
            )
          }
        >
          Runs from now on go by it: its code, parameters and schedules. Runs that are under way are not
          touched.
        </ConfirmDialog>
      )}
    </Panel>
  );
}
