import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";

interface SegmentedProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

/** One of a few choices, all of which are seen. */
export function Segmented<Value extends string>({ label, value, options, onChange }: SegmentedProps<Value>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={([chosen]) => chosen !== undefined && onChange(chosen as Value)}
      className="inline-flex h-8 items-center gap-0.5 rounded-md border border-line bg-sunken p-0.5"
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          className="h-full rounded px-2 text-xs font-medium whitespace-nowrap text-ink-muted hover:text-ink data-pressed:bg-surface data-pressed:text-ink data-pressed:shadow-panel"
        >
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
