import type { ReactNode } from "react";

import { cn } from "@/lib/cn";

interface PageProps {
  title: string;
  /** Beside the title: what is done or chosen for the whole page. */
  actions?: ReactNode;
  /** Under the title: tabs, filters. */
  toolbar?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A page: its heading, which is also the document's title, and what it shows. */
export function Page({ title, actions, toolbar, children, className }: PageProps) {
  return (
    <div className={cn("mx-auto w-full max-w-[88rem] px-4 pt-5 pb-16 sm:px-6", className)}>
      <title>{`${title} · Penstock`}</title>
      <header className="mb-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h1 className="text-lg font-semibold tracking-tight">{title}</h1>
        {actions}
      </header>
      {toolbar}
      {children}
    </div>
  );
}
