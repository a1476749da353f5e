import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";

/** Markdown as text with its emphasis, lists, tables and links. HTML in it is shown as it is written, and no picture is loaded. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className="space-y-2 text-sm break-words [&_a]:text-accent [&_a]:underline [&_code]:font-mono [&_code]:text-xs [&_h1]:font-semibold [&_h2]:font-semibold [&_h3]:font-semibold [&_li]:ml-5 [&_ol]:list-decimal [&_pre]:overflow-auto [&_ul]:list-disc">
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        disallowedElements={["img"]}
        components={{
          a: ({ href, children }) => (
            <a href={href} target="_blank" rel="noreferrer noopener">
              {children}
            </a>
          ),
        }}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
