import { useEffect, useRef } from "react";

export type Shortcuts = Record<string, () => void>;

const SEQUENCE_MS = 1_500;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/**
 * Has keys do something while the component is shown: `?`, `mod+k` (Ctrl, or Cmd on a Mac), or one after the other, `g r`.
 * While somebody types, or a dialog is open, only those with `mod` count.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    let first = "";
    let since = 0;
    function press(event: KeyboardEvent) {
      if (event.defaultPrevented || event.altKey || event.isComposing) return;
      const isMod = event.ctrlKey || event.metaKey;
      if (!isMod && (isTyping(event.target) || document.querySelector("[role=dialog], [role=menu]") !== null))
        return;
      const key = isMod ? `mod+${event.key.toLowerCase()}` : event.key;
      const sequence = event.timeStamp - since < SEQUENCE_MS && first !== "" ? `${first} ${key}` : "";
      const act = (sequence !== "" ? latest.current[sequence] : undefined) ?? latest.current[key];
      first = isMod ? "" : key;
      since = event.timeStamp;
      if (act === undefined) return;
      event.preventDefault();
      first = "";
      act();
    }
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}
