import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { yaml } from "@codemirror/lang-yaml";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { minimalSetup } from "codemirror";
import { useEffect, useRef } from "react";

import { cn } from "@/lib/cn";

import { EDITOR_THEME } from "./theme";

export interface EditorProps {
  /** What the text is, for screen readers. */
  label: string;
  text: string;
  /** Told of each change. */
  onText?: (text: string) => void;
  language?: "json" | "python" | "yaml" | "text";
  isReadOnly?: boolean;
  isInvalid?: boolean;
  className?: string;
}

const LANGUAGES: Record<NonNullable<EditorProps["language"]>, () => Extension> = {
  json,
  python,
  yaml,
  text: () => [],
};

/**
 * CodeMirror in a shadow root: there it adopts style sheets that scripts may make, instead of style elements, which the
 * server's policy forbids. Tab leaves it, as it leaves every other field.
 */
export function Editor({
  label,
  text,
  onText,
  language = "json",
  isReadOnly = false,
  isInvalid,
  className,
}: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const tell = useRef(onText);
  const first = useRef(text);
  useEffect(() => {
    tell.current = onText;
  });
  useEffect(() => {
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: "open" });
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          minimalSetup,
          lineNumbers(),
          LANGUAGES[language](),
          EDITOR_THEME,
          EditorView.lineWrapping,
          EditorState.readOnly.of(isReadOnly),
          EditorView.contentAttributes.of({ "aria-label": label, "aria-readonly": String(isReadOnly) }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            first.current = update.state.doc.toString();
            tell.current?.(first.current);
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label, language, isReadOnly]);
  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === text) return;
    first.current = text;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);
  return (
    <div
      ref={host}
      data-code-editor={label}
      className={cn(
        "max-h-112 overflow-auto rounded-md border border-line bg-surface focus-within:border-accent",
        isInvalid === true && "border-danger",
        className,
      )}
    />
  );
}
