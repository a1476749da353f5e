import type { ComponentProps } from "react";

import { cn } from "@/lib/cn";

/** One of several choices, by the browser's own list: give it `option`s. */
export function Select({ className, ...props }: ComponentProps<"select">) {
  return (
    <select
      className={cn(
        "h-8 w-full min-w-0 rounded-md border border-line bg-surface px-2 text-sm text-ink shadow-panel hover:border-line-strong focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 disabled:opacity-50 aria-invalid:border-danger",
        className,
      )}
      {...props}
    />
  );
}
