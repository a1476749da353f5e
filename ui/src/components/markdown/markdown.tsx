import { lazy, Suspense } from "react";

const Rendered = lazy(async () => ({ default: (await import("./rendered")).Rendered }));

/** Text with marks (Markdown), as people write descriptions. HTML in it is shown as text, pictures and scripts never load. */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<p className="break-words whitespace-pre-line">{text}</p>}>
      <Rendered text={text} />
    </Suspense>
  );
}
