import {
  ADDITIONAL_PROPERTY_FLAG,
  ariaDescribedByIds,
  canExpand,
  descriptionId,
  errorId,
  type ArrayFieldItemTemplateProps,
  type ArrayFieldTemplateProps,
  type BaseInputTemplateProps,
  type DescriptionFieldProps,
  type FieldErrorProps,
  type FieldTemplateProps,
  type MultiSchemaFieldTemplateProps,
  type ObjectFieldTemplateProps,
  type TemplatesType,
  type UnsupportedFieldProps,
} from "@rjsf/utils";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";

import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";

const HINTS: Record<string, string> = {
  "date-time": "2026-01-31T09:30:00Z",
  date: "2026-01-31",
  time: "09:30:00",
  duration: "PT1H30M",
  uuid: "00000000-0000-0000-0000-000000000000",
};

function FieldTemplate(props: FieldTemplateProps) {
  const { id, label, children, errors, description, hidden, required, displayLabel, schema } = props;
  if (hidden === true) return <div className="hidden">{children}</div>;
  const isAdditional = ADDITIONAL_PROPERTY_FLAG in schema;
  const isPart = schema.type === "object" || schema.type === "array";
  // A list's own items are called by their place in it.
  const isItem = typeof props.fieldPathId.path.at(-1) === "number";
  const showsLabel =
    !isItem && (displayLabel === true || (schema.type === "boolean" && label !== "")) && !isAdditional;
  const isRaw = schema.$id !== undefined && props.fieldPathId.path.length > 0;
  return (
    <div className="min-w-0">
      {(showsLabel || (isRaw && !isAdditional)) && (
        <label htmlFor={isPart ? undefined : id} className="mb-1 flex items-baseline gap-2 font-medium">
          <span className="min-w-0 truncate">{label}</span>
          {required !== true && <span className="text-2xs font-normal text-ink-faint">optional</span>}
        </label>
      )}
      {showsLabel && description}
      {isAdditional ? (
        <div className="flex items-start gap-2">
          <Input
            key={label}
            aria-label="Name"
            className="max-w-40"
            defaultValue={label}
            onBlur={props.onKeyRenameBlur}
          />
          <div className="min-w-0 flex-1">{children}</div>
          <Button variant="ghost" size="icon" aria-label={`Remove ${label}`} onClick={props.onRemoveProperty}>
            <X />
          </Button>
        </div>
      ) : (
        children
      )}
      {errors}
    </div>
  );
}

function BaseInputTemplate(props: BaseInputTemplateProps) {
  const { id, value, schema, disabled, readonly, rawErrors, onChange, onBlur, onFocus, label, placeholder } =
    props;
  const isNumber = schema.type === "number" || schema.type === "integer";
  const fallback = schema.default === undefined || schema.default === null ? "" : String(schema.default);
  return (
    <Input
      id={id}
      aria-label={label}
      aria-describedby={ariaDescribedByIds(id)}
      aria-invalid={(rawErrors?.length ?? 0) > 0 || undefined}
      // A field of type "number" would change the digits that it shows.
      type={schema.format === "password" || schema.writeOnly === true ? "password" : "text"}
      inputMode={isNumber ? "decimal" : undefined}
      autoComplete="off"
      spellCheck={false}
      placeholder={placeholder || HINTS[schema.format ?? ""] || fallback}
      value={value === undefined || value === null ? "" : String(value)}
      disabled={disabled}
      readOnly={readonly}
      onChange={({ target }) => onChange(target.value)}
      onBlur={({ target }) => onBlur(id, target.value)}
      onFocus={({ target }) => onFocus(id, target.value)}
    />
  );
}

function ObjectFieldTemplate(props: ObjectFieldTemplateProps) {
  const { title, description, properties, schema, uiSchema, formData, fieldPathId, disabled } = props;
  if (properties.length === 0 && schema.properties === undefined && (schema.anyOf || schema.oneOf))
    return null;
  const isRoot = fieldPathId.path.length === 0;
  const parts = (
    <div className="flex flex-col gap-4">
      {properties.map((property) => property.content)}
      {canExpand(schema, uiSchema, formData) && schema.additionalProperties !== undefined && (
        <Button size="sm" className="self-start" disabled={disabled} onClick={props.onAddProperty}>
          <Plus /> Add one
        </Button>
      )}
    </div>
  );
  if (isRoot) return parts;
  return (
    <fieldset className="min-w-0 rounded-md border border-line p-3">
      <legend className="px-1 font-medium">{title}</legend>
      {description && <div className="mb-3 text-xs text-ink-muted">{description}</div>}
      {parts}
    </fieldset>
  );
}

function ArrayFieldTemplate(props: ArrayFieldTemplateProps) {
  const { title, items, canAdd, onAddClick, disabled, readonly, schema } = props;
  return (
    <fieldset className="min-w-0 rounded-md border border-line p-3">
      <legend className="px-1 font-medium">{title}</legend>
      {schema.description && <p className="mb-2 text-xs text-ink-muted">{schema.description}</p>}
      <div className="flex flex-col gap-2">
        {items}
        {canAdd === true && (
          <Button
            size="sm"
            className="self-start"
            disabled={disabled === true || readonly === true}
            onClick={onAddClick}
          >
            <Plus /> Add one
          </Button>
        )}
      </div>
    </fieldset>
  );
}

function ArrayFieldItemTemplate({ children, buttonsProps, hasToolbar, index }: ArrayFieldItemTemplateProps) {
  const { hasMoveDown, hasMoveUp, hasRemove, onMoveDownItem, onMoveUpItem, onRemoveItem } = buttonsProps;
  return (
    <div className="flex items-start gap-1">
      <div className="min-w-0 flex-1">{children}</div>
      {hasToolbar && (
        <span className="flex">
          {(hasMoveUp || hasMoveDown) && (
            <>
              <Button
                variant="ghost"
                size="icon"
                aria-label={`Move ${index + 1} up`}
                disabled={!hasMoveUp}
                onClick={onMoveUpItem}
              >
                <ArrowUp />
              </Button>
              <Button
                variant="ghost"
                size="icon"
                aria-label={`Move ${index + 1} down`}
                disabled={!hasMoveDown}
                onClick={onMoveDownItem}
              >
                <ArrowDown />
              </Button>
            </>
          )}
          {hasRemove && (
            <Button variant="ghost" size="icon" aria-label={`Remove ${index + 1}`} onClick={onRemoveItem}>
              <X />
            </Button>
          )}
        </span>
      )}
    </div>
  );
}

function MultiSchemaFieldTemplate({ selector, optionSchemaField }: MultiSchemaFieldTemplateProps) {
  return (
    <div className="grid gap-2 sm:grid-cols-[12rem_minmax(0,1fr)] sm:items-start">
      {selector}
      <div className="min-w-0">{optionSchemaField}</div>
    </div>
  );
}

function DescriptionFieldTemplate({ id, description }: DescriptionFieldProps) {
  if (!description) return null;
  return (
    <div id={id} className="mb-1 text-xs whitespace-pre-line text-ink-muted">
      {description}
    </div>
  );
}

function FieldErrorTemplate({ errors = [], fieldPathId }: FieldErrorProps) {
  if (errors.length === 0) return null;
  return (
    <ul id={errorId(fieldPathId)} className="mt-1 text-xs text-danger">
      {errors.map((error, index) => (
        <li key={index}>{error}</li>
      ))}
    </ul>
  );
}

function UnsupportedFieldTemplate({ fieldPathId }: UnsupportedFieldProps) {
  return (
    <p id={fieldPathId && descriptionId(fieldPathId)} className="text-ink-muted">
      The form has no field for this. The JSON tab takes it.
    </p>
  );
}

/** How the form is laid out. */
export const TEMPLATES: Partial<Omit<TemplatesType, "ButtonTemplates">> = {
  FieldTemplate,
  BaseInputTemplate,
  ObjectFieldTemplate,
  ArrayFieldTemplate,
  ArrayFieldItemTemplate,
  MultiSchemaFieldTemplate,
  DescriptionFieldTemplate,
  FieldErrorTemplate,
  UnsupportedFieldTemplate,
};
