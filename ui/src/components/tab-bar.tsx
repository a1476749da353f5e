import type { ReactNode } from "react";
import { Tabs as Base } from "@base-ui/react/tabs";

interface TabBarProps<Value extends string> {
  label: string;
  value: Value;
  tabs: readonly { value: Value; label: string; count?: string }[];
  onChange: (value: Value) => void;
  children: ReactNode;
}

/** The parts of a page of which one is seen; the arrow keys walk along their names. */
export function TabBar<Value extends string>({ label, value, tabs, onChange, children }: TabBarProps<Value>) {
  return (
    <Base.Root value={value} onValueChange={(chosen) => onChange(chosen as Value)}>
      <Base.List
        aria-label={label}
        activateOnFocus={false}
        className="mb-4 flex [scrollbar-width:none] gap-5 overflow-x-auto overflow-y-hidden border-b border-line"
      >
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="flex shrink-0 items-center gap-1.5 border-b-2 border-transparent pt-1 pb-2 font-medium text-ink-muted hover:text-ink focus-visible:outline-offset-[-2px] data-active:border-accent data-active:text-ink"
          >
            {tab.label}
            {tab.count !== undefined && (
              <span className="tabular rounded-full bg-hover px-1.5 text-xs font-normal text-ink-muted">
                {tab.count}
              </span>
            )}
          </Base.Tab>
        ))}
      </Base.List>
      <Base.Panel value={value} className="outline-none" keepMounted={false}>
        {children}
      </Base.Panel>
    </Base.Root>
  );
}
