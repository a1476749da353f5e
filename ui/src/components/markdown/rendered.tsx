import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";

const COMPONENTS: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noreferrer noopener" className="rounded text-accent hover:underline">
      {children}
    </a>
  ),
  img: ({ alt }) => <span className="text-ink-muted">{alt}</span>,
  h1: ({ children }) => <h3 className="mt-3 font-semibold first:mt-0">{children}</h3>,
  h2: ({ children }) => <h3 className="mt-3 font-semibold first:mt-0">{children}</h3>,
  p: ({ children }) => <p className="mt-2 first:mt-0">{children}</p>,
  ul: ({ children }) => <ul className="mt-2 list-disc pl-5">{children}</ul>,
  ol: ({ children }) => <ol className="mt-2 list-decimal pl-5">{children}</ol>,
  code: ({ children }) => <code className="rounded bg-sunken px-1 font-mono text-xs">{children}</code>,
  pre: ({ children }) => <pre className="mt-2 overflow-x-auto rounded-md bg-sunken p-2">{children}</pre>,
};

/** Markdown, as it is read. */
export function Rendered({ text }: { text: string }) {
  return (
    <div className="break-words">
      <ReactMarkdown remarkPlugins={[remarkGfm]} components={COMPONENTS}>
        {text}
      </ReactMarkdown>
    </div>
  );
}
