import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";

import { cn } from "@/lib/cn";

import { Button } from "./button";

export const Dialog = Base.Root;
export const DialogTrigger = Base.Trigger;
export const DialogClose = Base.Close;

interface DialogContentProps {
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** What stands at the end: the buttons. */
  footer?: ReactNode;
  className?: string;
}

/** What a dialog shows: a title, content that scrolls, and its buttons. */
export function DialogContent({ title, description, children, footer, className }: DialogContentProps) {
  return (
    <Base.Portal>
      <Base.Backdrop className="fixed inset-0 z-40 bg-black/25 transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0 dark:bg-black/50" />
      <Base.Popup
        className={cn(
          "fixed top-[max(1rem,12vh)] left-1/2 z-50 flex max-h-[76vh] w-[calc(100vw-2rem)] -translate-x-1/2 flex-col rounded-xl border border-line bg-surface shadow-float transition-[opacity,scale] duration-100 outline-none data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0",
          className ?? "max-w-lg",
        )}
      >
        <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
          <div className="min-w-0">
            <Base.Title className="text-base font-semibold">{title}</Base.Title>
            {description !== undefined && (
              <Base.Description className="mt-1 text-sm text-ink-muted">{description}</Base.Description>
            )}
          </div>
          <Base.Close
            render={
              <Button variant="ghost" size="icon-sm" aria-label="Close">
                <X />
              </Button>
            }
          />
        </header>
        <div className="min-h-0 overflow-y-auto px-5 pb-4">{children}</div>
        {footer !== undefined && (
          <footer className="flex justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>
        )}
      </Base.Popup>
    </Base.Portal>
  );
}
