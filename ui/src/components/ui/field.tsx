import type { ReactNode } from "react";

interface FieldProps {
  label: string;
  /** The id of the control. */
  id: string;
  hint?: ReactNode;
  /** What is wrong with it. */
  problem?: string;
  children: ReactNode;
}

/** A control with its name, and a word about it. */
export function Field({ label, id, hint, problem, children }: FieldProps) {
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      {children}
      {problem !== undefined && (
        <p role="alert" className="mt-1 text-xs break-words text-danger">
          {problem}
        </p>
      )}
      {hint !== undefined && problem === undefined && <p className="mt-1 text-xs text-ink-faint">{hint}</p>}
    </div>
  );
}
