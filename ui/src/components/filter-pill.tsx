import { ChevronDown, Plus } from "lucide-react";
import { useState, type KeyboardEvent } from "react";

import { cn } from "@/lib/cn";
import { useSettled } from "@/lib/use-settled";

import { Button } from "./ui/button";
import { Checkbox } from "./ui/checkbox";
import { Input } from "./ui/input";
import { Popover, PopoverContent, PopoverTrigger } from "./ui/popover";
import { Segmented } from "./ui/segmented";

export interface FilterOption {
  value: string;
  label: string;
}

export interface FilterField {
  /** The name of the parameter in the address. */
  key: string;
  label: string;
  /** A hook that gives what there is to choose, for a text that was typed; it is called while the choices are shown. */
  useOptions: (text: string) => readonly FilterOption[];
  /** A hook that says what a chosen value is called, where that is not the value itself. */
  useLabels?: (values: readonly string[]) => Record<string, string>;
  /** Whether any text may be chosen, also one that is not among the choices. */
  isFree?: boolean;
  /** How what is typed freely looks, such as `name=value`. */
  hint?: string;
  /** Whether a text that was typed freely makes sense; any does without. */
  accepts?: (value: string) => boolean;
  /** Whether it can't be turned round, as the API has no opposite of it. */
  isOnlyIs?: boolean;
}

interface FilterPillProps {
  field: FilterField;
  values: readonly string[];
  isNegated: boolean;
  onChange: (values: string[], isNegated: boolean) => void;
}

const noLabels = () => ({});

/** One condition: shows what it says, and opens what it may say. */
export function FilterPill({ field, values, isNegated, onChange }: FilterPillProps) {
  const useLabels = field.useLabels ?? noLabels;
  const labels: Record<string, string> = useLabels(values);
  const isSet = values.length > 0;
  const said = values.map((value) => labels[value] ?? value);
  return (
    <Popover>
      <PopoverTrigger
        render={
          <button
            type="button"
            className={cn(
              "inline-flex h-8 max-w-72 items-center gap-1.5 rounded-md border px-2.5 text-sm",
              isSet
                ? "border-line bg-surface font-medium text-ink shadow-panel hover:border-line-strong"
                : "border-dashed border-line-strong text-ink-muted hover:bg-hover hover:text-ink",
            )}
          >
            {!isSet && <Plus aria-hidden className="size-3.5" />}
            <span className={cn(isSet && "font-normal! text-ink-muted")}>{field.label}</span>
            {isSet && (
              <>
                <span className="font-normal text-ink-muted">{isNegated ? "is not" : "is"}</span>
                <span className="truncate">
                  {said.length > 2 ? `${said[0]} or ${said.length - 1} more` : said.join(" or ")}
                </span>
                <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
              </>
            )}
          </button>
        }
      />
      <PopoverContent className="w-72 p-0!">
        <Choices field={field} values={values} labels={labels} isNegated={isNegated} onChange={onChange} />
      </PopoverContent>
    </Popover>
  );
}

function Choices({
  field,
  values,
  labels,
  isNegated,
  onChange,
}: FilterPillProps & { labels: Record<string, string> }) {
  const [text, setText] = useState("");
  const useOptions = field.useOptions;
  const options = useOptions(useSettled(text.trim()));
  const known = new Set(options.map(({ value }) => value));
  const kept = values
    .filter((value) => !known.has(value))
    .map((value) => ({ value, label: labels[value] ?? value }));
  const toggle = (value: string) => {
    onChange(values.includes(value) ? values.filter((one) => one !== value) : [...values, value], isNegated);
  };
  const add = (event: KeyboardEvent) => {
    const value = text.trim();
    if (event.key !== "Enter" || value === "") return;
    event.preventDefault();
    const found =
      options.find((option) => option.label.toLowerCase() === value.toLowerCase()) ??
      (options.length === 1 ? options[0] : undefined);
    if (found === undefined && (field.isFree !== true || field.accepts?.(value) === false)) return;
    toggle(found?.value ?? value);
    setText("");
  };
  return (
    <>
      <div className="flex items-center justify-between gap-2 border-b border-line p-2">
        {field.isOnlyIs === true ? (
          <span className="px-1 text-xs text-ink-muted">{field.label} is one of</span>
        ) : (
          <Segmented
            label={`${field.label} is, or is not`}
            value={isNegated ? "not" : "is"}
            options={[
              { value: "is", label: "is" },
              { value: "not", label: "is not" },
            ]}
            onChange={(chosen) => onChange([...values], chosen === "not")}
          />
        )}
        <Button variant="ghost" size="sm" disabled={values.length === 0} onClick={() => onChange([], false)}>
          Clear
        </Button>
      </div>
      <div className="p-2 pb-1">
        <Input
          aria-label={
            field.isFree === true
              ? `${field.label}: type one, then Enter`
              : `Search ${field.label.toLowerCase()}`
          }
          placeholder={field.hint ?? (field.isFree === true ? "Type one, then Enter" : "Search")}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={add}
        />
      </div>
      <ul className="max-h-64 overflow-y-auto p-1">
        {[...kept, ...options].map((option) => (
          <li key={option.value}>
            <label className="flex items-center gap-2 rounded-md px-2 py-1.5 hover:bg-hover">
              <Checkbox
                checked={values.includes(option.value)}
                onCheckedChange={() => toggle(option.value)}
              />
              <span className="min-w-0 truncate">{option.label}</span>
            </label>
          </li>
        ))}
        {kept.length + options.length === 0 && field.isFree !== true && (
          <li className="px-2 py-3 text-center text-ink-muted">Nothing is called so.</li>
        )}
      </ul>
    </>
  );
}
