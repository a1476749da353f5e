import { cn } from "@/lib/cn";

/** Text as it is, in the letters of code; what is too wide or too long scrolls. */
export function CodeBlock({ text, label, className }: { text: string; label: string; className?: string }) {
  return (
    // What scrolls must be reached by keyboard, and what is reached must have a name.
    <div
      role="region"
      aria-label={label}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above
      tabIndex={0}
      className={cn("overflow-auto font-mono text-xs leading-5 whitespace-pre", className)}
    >
      {text}
    </div>
  );
}
