import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";

import { cn } from "@/lib/cn";

export const Menu = Base.Root;
export const MenuTrigger = Base.Trigger;
export const MenuGroup = Base.Group;
export const MenuRadioGroup = Base.RadioGroup;

const ITEM =
  "flex cursor-default items-center gap-2 rounded-md px-2 py-1.5 text-sm outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover [&_svg]:size-3.5 [&_svg]:shrink-0 [&_svg]:text-ink-faint";

/** The list that a menu opens. */
export function MenuContent({ children, className, ...props }: ComponentProps<typeof Base.Positioner>) {
  return (
    <Base.Portal>
      <Base.Positioner sideOffset={4} className="z-50 outline-none" {...props}>
        <Base.Popup
          className={cn(
            "max-h-(--available-height) min-w-44 overflow-y-auto rounded-lg border border-line bg-surface p-1 shadow-float transition-opacity duration-75 outline-none data-ending-style:opacity-0 data-starting-style:opacity-0",
            className as string,
          )}
        >
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}

export function MenuItem({ className, ...props }: ComponentProps<typeof Base.Item>) {
  return <Base.Item className={cn(ITEM, className as string)} {...props} />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Base.GroupLabel className="px-2 py-1.5 text-xs text-ink-faint">{children}</Base.GroupLabel>;
}

export function MenuSeparator() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
}

/** One of several choices; the chosen one has a tick. */
export function MenuRadioItem({ children, ...props }: ComponentProps<typeof Base.RadioItem>) {
  return (
    <Base.RadioItem className={ITEM} {...props}>
      <span className="flex size-3.5 items-center">
        <Base.RadioItemIndicator>
          <Check />
        </Base.RadioItemIndicator>
      </span>
      {children}
    </Base.RadioItem>
  );
}

/** A choice that may be ticked together with others; the menu stays open. */
export function MenuCheckboxItem({ children, ...props }: ComponentProps<typeof Base.CheckboxItem>) {
  return (
    <Base.CheckboxItem className={ITEM} closeOnClick={false} {...props}>
      <span className="flex size-3.5 items-center">
        <Base.CheckboxItemIndicator>
          <Check />
        </Base.CheckboxItemIndicator>
      </span>
      {children}
    </Base.CheckboxItem>
  );
}
