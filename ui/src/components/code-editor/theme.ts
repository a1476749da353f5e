import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// The page's own colours reach into the shadow root as custom properties.
export const EDITOR_THEME = [
  EditorView.theme({
    "&": { color: "var(--ink)", fontSize: "0.75rem" },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": { fontFamily: '"JetBrains Mono", ui-monospace, monospace', lineHeight: "1.25rem" },
    ".cm-content": { caretColor: "var(--ink)", padding: "0.375rem 0" },
    ".cm-cursor": { borderLeftColor: "var(--ink)" },
    ".cm-gutters": { backgroundColor: "transparent", color: "var(--ink-faint)", border: "none" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
      background: "color-mix(in oklab, var(--accent) 28%, transparent)",
    },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: [tags.propertyName, tags.definition(tags.variableName)], color: "var(--accent)" },
      { tag: [tags.string], color: "oklch(from var(--state-completed) var(--state-ink) c h)" },
      {
        tag: [tags.number, tags.bool, tags.null],
        color: "oklch(from var(--state-running) var(--state-ink) c h)",
      },
      { tag: [tags.keyword], color: "oklch(from var(--state-paused) var(--state-ink) c h)" },
      { tag: [tags.comment], color: "var(--ink-faint)" },
    ]),
  ),
];
