import { CodeBlock } from "./code-block";
import { CopyButton } from "./copy-button";

/** Lines to copy into an editor or a shell. */
export function Snippet({ code, label }: { code: string; label: string }) {
  return (
    <figure className="relative overflow-hidden rounded-lg border border-line bg-sunken text-left">
      <figcaption className="flex items-center justify-between border-b border-line py-1 pr-1.5 pl-3 text-xs text-ink-muted">
        {label}
        <CopyButton text={code} label={`Copy ${label}`} />
      </figcaption>
      <CodeBlock label={label} text={code} className="p-3" />
    </figure>
  );
}
