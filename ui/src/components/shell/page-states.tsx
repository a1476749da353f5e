import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { Compass } from "lucide-react";

import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";

/** A page that broke. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <div className="mx-auto max-w-2xl px-4 py-16">
      <ErrorPanel
        what="This page"
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </div>
  );
}

/** A page whose code is on its way. */
export function PagePending() {
  return (
    <div className="mx-auto w-full max-w-[88rem] px-4 pt-5 sm:px-6">
      <Skeleton className="h-6 w-40" />
      <Skeleton className="mt-6 h-64 w-full rounded-xl" />
    </div>
  );
}

/** An address at which no page is. */
export function PageNotFound() {
  const router = useRouter();
  return (
    <div className="pt-12">
      <title>Not found · Penstock</title>
      <EmptyState
        icon={Compass}
        title="No page is here"
        action={<Button onClick={() => void router.navigate({ to: "/" })}>Go home</Button>}
      >
        The address may be mistyped, or what it led to was deleted.
      </EmptyState>
    </div>
  );
}
