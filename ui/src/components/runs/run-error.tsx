import { CodeBlock } from "@/components/code-block";
import { CopyButton } from "@/components/copy-button";
import { Panel } from "@/components/ui/panel";

interface RunErrorProps {
  error: { type: string; message: string; traceback?: string };
}

/** What a run failed with, and where in its code. */
export function RunError({ error }: RunErrorProps) {
  const text = error.traceback || error.message;
  return (
    <Panel
      title={<span className="text-danger">{error.type}</span>}
      aside={<CopyButton text={text} label="Copy the error" />}
      className="mb-4 border-danger/30!"
    >
      <p className="px-4 pb-2 text-sm break-words">{error.message}</p>
      {error.traceback && (
        <details className="border-t border-line">
          <summary className="px-4 py-2 text-xs font-medium text-ink-muted hover:text-ink">Traceback</summary>
          <CodeBlock label="Traceback" text={error.traceback} className="max-h-96 px-4 pb-4" />
        </details>
      )}
    </Panel>
  );
}
