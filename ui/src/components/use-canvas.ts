import { useCallback, useEffect, useRef } from "react";

import type { Tone } from "@/lib/states";

/** The colours of the theme, for what is drawn. */
export interface Palette {
  tones: Record<Tone, string>;
  surface: string;
  sunken: string;
  line: string;
  lineStrong: string;
  ink: string;
  inkMuted: string;
  inkFaint: string;
  accent: string;
}

const TONES: readonly Tone[] = [
  "scheduled",
  "late",
  "pending",
  "running",
  "retrying",
  "paused",
  "cancelling",
  "completed",
  "cached",
  "failed",
  "crashed",
  "cancelled",
];

let palette: { theme: string | undefined; colours: Palette } | undefined;

function paletteOf(): Palette {
  const { theme } = document.documentElement.dataset;
  if (palette !== undefined && palette.theme === theme) return palette.colours;
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const colours = {
    tones: Object.fromEntries(TONES.map((tone) => [tone, colour(`state-${tone}`)])) as Record<Tone, string>,
    surface: colour("surface"),
    sunken: colour("sunken"),
    line: colour("line"),
    lineStrong: colour("line-strong"),
    ink: colour("ink"),
    inkMuted: colour("ink-muted"),
    inkFaint: colour("ink-faint"),
    accent: colour("accent"),
  };
  palette = { theme, colours };
  return colours;
}

export type Draw = (
  context: CanvasRenderingContext2D,
  size: { width: number; height: number },
  palette: Palette,
) => void;

/**
 * A canvas that is drawn when something has changed, and then once a frame at most: by `redraw`, by rendering, by another
 * size and by another theme.
 */
export function useCanvas(draw: Draw) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(draw);
  const frame = useRef(0);
  const redraw = useCallback(() => {
    if (frame.current !== 0) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = 0;
      const element = canvas.current;
      const context = element?.getContext("2d");
      if (!element || !context) return;
      const { clientWidth: width, clientHeight: height } = element;
      const ratio = window.devicePixelRatio || 1;
      const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (element.width !== wide || element.height !== high) {
        element.width = wide;
        element.height = high;
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      latest.current(context, { width, height }, paletteOf());
    });
  }, []);
  useEffect(() => {
    latest.current = draw;
    redraw();
  });
  useEffect(() => {
    const sizes = new ResizeObserver(redraw);
    if (canvas.current !== null) sizes.observe(canvas.current);
    const themes = new MutationObserver(redraw);
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      sizes.disconnect();
      themes.disconnect();
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    };
  }, [redraw]);
  return { canvas, redraw };
}
