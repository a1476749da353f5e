import Anser from "anser";

/** A piece of a line, and the classes that its escape codes ask for. */
export interface Piece {
  text: string;
  className: string;
}

const COLOURS = new Set(["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]);
const DECORATIONS: Record<string, string> = {
  bold: "font-semibold",
  dim: "opacity-70",
  italic: "italic",
  underline: "underline",
  strikethrough: "line-through",
};

// eslint-disable-next-line no-control-regex -- escape codes are control characters
const ESCAPES = /\u001b/;
// eslint-disable-next-line no-control-regex -- as above: links and window titles, which say nothing here
const TITLES = /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g;

/** Takes a line apart by its ANSI escape codes. Only text and known classes come out of it, never HTML. */
export function piecesOf(line: string): Piece[] {
  if (!ESCAPES.test(line)) return [{ text: line, className: "" }];
  const parts = Anser.ansiToJson(line.replace(TITLES, ""), { use_classes: true, remove_empty: true });
  return parts.map(({ content, fg, decorations }) => ({
    text: content,
    className: [colourOf(fg), ...decorations.map((name) => DECORATIONS[name] ?? "")]
      .filter(Boolean)
      .join(" "),
  }));
}

/** Returns the line without its escape codes. */
export function plainOf(line: string): string {
  return ESCAPES.test(line)
    ? piecesOf(line)
        .map(({ text }) => text)
        .join("")
    : line;
}

function colourOf(name: string | null): string {
  const colour = /^ansi-(?:bright-)?([a-z]+)$/.exec(name ?? "")?.[1];
  return colour !== undefined && COLOURS.has(colour) ? `ansi-${colour}` : "";
}
