// Not from the index, which also holds what its own tests need: a validator that compiles code.
import Form from "@rjsf/core/lib/components/Form.js";
import type { RJSFSchema } from "@rjsf/utils";
import { useMemo, useRef } from "react";

import { writeExact, type JsonObject } from "@/lib/exact-json";

import { NumberField, RawField } from "./exact-fields";
import { RAW, shownSchema } from "./shown-schema";
import { TEMPLATES } from "./templates";
import { VALIDATOR } from "./validator";
import { WIDGETS } from "./widgets";

interface FieldsProps {
  schema: JsonObject;
  /** As `readExact` reads it. */
  value: JsonObject;
  onText: (text: string) => void;
  isDisabled: boolean;
}

const FIELDS = { NumberField, [RAW]: RawField };

/** The form itself. */
export function Fields({ schema, value, onText, isDisabled }: FieldsProps) {
  const shown = useMemo(() => shownSchema(schema) as RJSFSchema, [schema]);
  const told = useRef(writeExact(value));
  return (
    <Form
      tagName="div"
      idPrefix="field"
      schema={shown}
      formData={value}
      validator={VALIDATOR}
      templates={TEMPLATES}
      widgets={WIDGETS}
      fields={FIELDS}
      disabled={isDisabled}
      liveValidate="onChange"
      showErrorList={false}
      uiSchema={{ "ui:submitButtonOptions": { norender: true }, "ui:label": false }}
      onChange={({ formData }) => {
        const text = writeExact(formData ?? {}, 2);
        if (text === told.current) return;
        told.current = text;
        onText(text);
      }}
    />
  );
}
