import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";

interface TooltipProps {
  /** What it says. */
  label: ReactNode;
  /** What it belongs to: one element that takes a ref. */
  children: ReactElement<Record<string, unknown>>;
}

/** A few words about something, when the pointer or the focus rests on it. */
export function Tooltip({ label, children }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} delay={350} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} className="z-50">
          <Base.Popup className="max-w-80 rounded-md border border-line bg-surface px-2 py-1 text-xs text-ink shadow-float">
            {label}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
