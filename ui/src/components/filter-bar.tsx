import { Search, X } from "lucide-react";
import { useEffect, useRef, useState, type ReactNode } from "react";

import { useShortcuts } from "@/lib/shortcuts";

import { FilterPill, type FilterField } from "./filter-pill";
import { Button } from "./ui/button";
import { Input } from "./ui/input";

/** The conditions that an address holds, and which of them are turned round. */
export interface FilterValues {
  lists: Record<string, string[]>;
  not: readonly string[];
  text: string;
}

interface FilterBarProps {
  fields: readonly FilterField[];
  values: FilterValues;
  onChange: (values: FilterValues) => void;
  /** What the text is looked for in, such as "Search by run or flow". */
  searchLabel: string;
  /** Further controls, such as the window of time. */
  children?: ReactNode;
}

/** A list's conditions: a text, and one pill a condition. */
export function FilterBar({ fields, values, onChange, searchLabel, children }: FilterBarProps) {
  const isAny = values.text !== "" || fields.some(({ key }) => (values.lists[key]?.length ?? 0) > 0);
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2" role="search">
      <SearchField
        label={searchLabel}
        text={values.text}
        onChange={(text) => onChange({ ...values, text })}
      />
      {children}
      {fields.map((field) => (
        <FilterPill
          key={field.key}
          field={field}
          values={values.lists[field.key] ?? []}
          isNegated={values.not.includes(field.key)}
          onChange={(chosen, isNegated) => {
            const others = values.not.filter((key) => key !== field.key);
            onChange({
              ...values,
              lists: { ...values.lists, [field.key]: chosen },
              not: isNegated ? [...others, field.key] : others,
            });
          }}
        />
      ))}
      {isAny && (
        <Button variant="ghost" size="sm" onClick={() => onChange({ lists: {}, not: [], text: "" })}>
          <X /> Clear all
        </Button>
      )}
    </div>
  );
}

const SETTLES_MS = 250;

/** A field whose text is taken over once it stands still; `/` leads to it. */
function SearchField({
  label,
  text,
  onChange,
}: {
  label: string;
  text: string;
  onChange: (text: string) => void;
}) {
  const [typed, setTyped] = useState(text);
  const [seen, setSeen] = useState(text);
  const field = useRef<HTMLInputElement>(null);
  const tell = useRef(onChange);
  useEffect(() => {
    tell.current = onChange;
  });
  if (seen !== text) {
    // The address changed by itself: the way back, a link.
    setSeen(text);
    setTyped(text);
  }
  useEffect(() => {
    if (typed === seen) return;
    const timer = window.setTimeout(() => {
      setSeen(typed);
      tell.current(typed);
    }, SETTLES_MS);
    return () => window.clearTimeout(timer);
  }, [typed, seen]);
  useShortcuts({ "/": () => field.current?.focus() });
  return (
    <div className="relative w-full sm:w-64">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-2.25 left-2.5 size-3.5 text-ink-faint"
      />
      <Input
        ref={field}
        type="search"
        aria-label={label}
        placeholder={label}
        className="pl-8!"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && field.current?.blur()}
      />
    </div>
  );
}
