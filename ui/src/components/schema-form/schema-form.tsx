import { lazy, Suspense, useState } from "react";

import { CodeEditor } from "@/components/code-editor/code-editor";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { readObject, type JsonObject } from "@/lib/exact-json";

// The form and its validator are large, and seldom needed: they are loaded where they are shown.
const Fields = lazy(async () => ({ default: (await import("./fields")).Fields }));

interface SchemaFormProps {
  /** What the values are, such as "Parameters". */
  label: string;
  /** The JSON Schema of an object. */
  schema: JsonObject;
  /** The values, as the text of a JSON object: the truth, of which the form shows what it can. */
  text: string;
  onText: (text: string) => void;
  isDisabled?: boolean;
}

/** Returns why a text can't be sent as values, in words; undefined where it can. */
export function problemOfText(text: string): string | undefined {
  return readObject(text) === null ? "This is no JSON object. Correct it in the JSON tab." : undefined;
}

/**
 * Values by a form made from their JSON Schema, or as JSON; the two show the same. What the schema does not tell of, and
 * numbers that JavaScript would change, are kept as they are written.
 */
export function SchemaForm({ label, schema, text, onText, isDisabled = false }: SchemaFormProps) {
  const hasFields = Object.keys((schema.properties ?? {}) as JsonObject).length > 0;
  const [chosen, setChosen] = useState<"form" | "json">(hasFields ? "form" : "json");
  const value = readObject(text);
  const problem = problemOfText(text);
  const shown = value === null ? "json" : chosen;
  return (
    <div role="group" aria-label={label}>
      <div className="mb-3 flex items-center justify-between gap-3">
        <h3 className="text-sm font-semibold">{label}</h3>
        <Segmented
          label={`How ${label.toLowerCase()} are shown`}
          value={shown}
          options={[
            { value: "form", label: "Form" },
            { value: "json", label: "JSON" },
          ]}
          onChange={setChosen}
        />
      </div>
      {shown === "form" && value !== null ? (
        hasFields ? (
          <Suspense fallback={<Skeleton className="h-40 w-full rounded-md" />}>
            <Fields schema={schema} value={value} onText={onText} isDisabled={isDisabled} />
          </Suspense>
        ) : (
          <p className="py-2 text-ink-muted">The schema names no values. The JSON tab takes any.</p>
        )
      ) : (
        <CodeEditor
          label={`${label} as JSON`}
          text={text}
          onText={onText}
          isReadOnly={isDisabled}
          isInvalid={problem !== undefined}
        />
      )}
      {problem !== undefined && (
        <p role="alert" className="mt-1.5 text-xs text-danger">
          {problem}
        </p>
      )}
    </div>
  );
}
