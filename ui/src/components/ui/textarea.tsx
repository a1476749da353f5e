import type { ComponentProps } from "react";

import { cn } from "@/lib/cn";

/** A field for lines of text. */
export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      className={cn(
        "w-full min-w-0 rounded-md border border-line bg-surface px-2.5 py-1.5 text-sm text-ink shadow-panel placeholder:text-ink-faint hover:border-line-strong focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 disabled:opacity-50 aria-invalid:border-danger",
        className,
      )}
      {...props}
    />
  );
}
