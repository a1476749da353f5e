import type { FieldProps } from "@rjsf/utils";
import { useState } from "react";

import { CodeEditor } from "@/components/code-editor/code-editor";
import { exactNumber, isNumberText, readExact, shownNumber, writeExact, type Json } from "@/lib/exact-json";

/** A number, with the digits that were typed: what is not a number yet is kept as text, which the validator names. */
export function NumberField(props: FieldProps) {
  const { StringField } = props.registry.fields;
  if (StringField === undefined) return null;
  return (
    <StringField
      {...props}
      formData={shownNumber(props.formData)}
      onChange={(value, path, errors, id) => {
        const text = typeof value === "string" ? value.trim() : value;
        if (text === "") props.onChange(undefined, path, errors, id);
        else
          props.onChange(
            typeof text === "string" && isNumberText(text) ? exactNumber(text) : text,
            path,
            errors,
            id,
          );
      }}
    />
  );
}

/** A value of any kind, as JSON. */
export function RawField({ formData, onChange, fieldPathId, name, schema, disabled, readonly }: FieldProps) {
  const [text, setText] = useState(() => (formData === undefined ? "" : writeExact(formData, 2)));
  const [isWrong, setWrong] = useState(false);
  return (
    <div>
      <CodeEditor
        label={`${schema.title ?? name} as JSON`}
        text={text}
        isReadOnly={disabled || readonly}
        isInvalid={isWrong}
        className="max-h-60"
        onText={(typed) => {
          setText(typed);
          const value = typed.trim() === "" ? undefined : valueOf(typed);
          setWrong(value === WRONG);
          if (value !== WRONG) onChange(value, fieldPathId.path);
        }}
      />
      {isWrong && (
        <p role="alert" className="mt-1 text-xs text-danger">
          This is no JSON. What was right last is kept.
        </p>
      )}
    </div>
  );
}

const WRONG = Symbol("no JSON");

function valueOf(text: string): Json | typeof WRONG {
  try {
    return readExact(text);
  } catch {
    return WRONG;
  }
}
