import { Switch as Base } from "@base-ui/react/switch";
import type { ComponentProps } from "react";

import { cn } from "@/lib/cn";

/** Turns something on and off at once; give it an `aria-label`. */
export function Switch({ className, ...props }: ComponentProps<typeof Base.Root>) {
  return (
    <Base.Root
      className={cn(
        "flex h-4.5 w-8 shrink-0 items-center rounded-full border border-line-strong bg-hover p-px transition-colors data-checked:border-accent data-checked:bg-accent data-disabled:opacity-50",
        className as string,
      )}
      {...props}
    >
      <Base.Thumb className="size-3.5 rounded-full bg-ink-faint transition-transform data-checked:translate-x-3.5 data-checked:bg-on-accent" />
    </Base.Root>
  );
}
