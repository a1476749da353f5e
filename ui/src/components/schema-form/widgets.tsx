import {
  ariaDescribedByIds,
  enumOptionsIndexForValue,
  type RegistryWidgetsType,
  type WidgetProps,
} from "@rjsf/utils";

import { Checkbox } from "@/components/ui/checkbox";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";

function CheckboxWidget({ id, value, onChange, disabled, readonly, label }: WidgetProps) {
  return (
    <label className="flex w-fit items-center gap-2" htmlFor={id}>
      <Checkbox
        id={id}
        aria-label={label}
        checked={value === true}
        disabled={disabled === true || readonly === true}
        onCheckedChange={(checked) => onChange(checked)}
      />
      <span>{value === true ? "Yes" : "No"}</span>
    </label>
  );
}

function SelectWidget({
  id,
  value,
  onChange,
  options,
  disabled,
  readonly,
  required,
  label,
  multiple,
}: WidgetProps) {
  const choices = options.enumOptions ?? [];
  if (multiple === true) {
    const chosen = Array.isArray(value) ? (value as unknown[]) : [];
    return (
      <div role="group" aria-label={label} className="flex flex-wrap gap-x-4 gap-y-1.5">
        {choices.map((choice) => (
          <label key={choice.label} className="flex items-center gap-2">
            <Checkbox
              checked={chosen.includes(choice.value)}
              disabled={disabled}
              onCheckedChange={(checked) =>
                onChange(checked ? [...chosen, choice.value] : chosen.filter((one) => one !== choice.value))
              }
            />
            {choice.label}
          </label>
        ))}
      </div>
    );
  }
  const index = enumOptionsIndexForValue(value, choices);
  return (
    <Select
      id={id}
      aria-label={label}
      aria-describedby={ariaDescribedByIds(id)}
      value={typeof index === "string" ? index : ""}
      disabled={disabled === true || readonly === true}
      onChange={({ target }) =>
        onChange(target.value === "" ? undefined : choices[Number(target.value)]?.value)
      }
    >
      {(index === undefined || required !== true) && <option value="">–</option>}
      {choices.map((choice, at) => (
        <option key={choice.label} value={at}>
          {choice.label}
        </option>
      ))}
    </Select>
  );
}

function TextareaWidget({ id, value, onChange, disabled, readonly }: WidgetProps) {
  return (
    <Textarea
      id={id}
      aria-describedby={ariaDescribedByIds(id)}
      rows={4}
      value={typeof value === "string" ? value : ""}
      disabled={disabled}
      readOnly={readonly}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

/** A line of text, whatever its format: browsers' own fields for dates lose seconds, zones and what is not a date yet. */
function LineWidget(props: WidgetProps) {
  const { BaseInputTemplate } = props.registry.templates;
  return <BaseInputTemplate {...props} />;
}

/** The parts that values are typed and chosen in. */
export const WIDGETS: RegistryWidgetsType = {
  CheckboxWidget,
  SelectWidget,
  TextareaWidget,
  RadioWidget: SelectWidget,
  CheckboxesWidget: (props) => <SelectWidget {...props} multiple />,
  DateTimeWidget: LineWidget,
  DateWidget: LineWidget,
  TimeWidget: LineWidget,
  EmailWidget: LineWidget,
  URLWidget: LineWidget,
  FileWidget: LineWidget,
  ColorWidget: LineWidget,
  UpDownWidget: LineWidget,
  RangeWidget: LineWidget,
};
