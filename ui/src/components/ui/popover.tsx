import { Popover as Base } from "@base-ui/react/popover";
import type { ComponentProps } from "react";

import { cn } from "@/lib/cn";

export const Popover = Base.Root;
export const PopoverTrigger = Base.Trigger;
export const PopoverClose = Base.Close;

/** What a popover shows. */
export function PopoverContent({ children, className, ...props }: ComponentProps<typeof Base.Positioner>) {
  return (
    <Base.Portal>
      <Base.Positioner sideOffset={4} align="start" className="z-50" {...props}>
        <Base.Popup
          className={cn(
            "max-w-[calc(100vw-2rem)] rounded-lg border border-line bg-surface p-3 shadow-float transition-opacity duration-75 outline-none data-ending-style:opacity-0 data-starting-style:opacity-0",
            className as string,
          )}
        >
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}
