import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let now = Date.now();
let timer: number | undefined;

function subscribe(listener: () => void) {
  listeners.add(listener);
  if (timer === undefined) now = Date.now();
  // One clock for all that shows how long ago something was; it stands still while nobody looks.
  timer ??= window.setInterval(() => {
    if (document.hidden) return;
    now = Date.now();
    listeners.forEach((tick) => tick());
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      window.clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The present, which moves on every second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
