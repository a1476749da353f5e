import { useSyncExternalStore } from "react";

import { isZone, type TimeStyle } from "./time";

export type Theme = "system" | "light" | "dark";

/** What the viewer chose; kept in this browser. `zone` is "" for the zone of the machine. */
export interface Preferences {
  theme: Theme;
  times: TimeStyle;
  zone: string;
}

const DEFAULTS: Preferences = { theme: "system", times: "relative", zone: "" };
const listeners = new Set<() => void>();

function kept(name: keyof Preferences): string | null {
  try {
    return localStorage.getItem(`penstock.${name}`);
  } catch {
    return null; // storage may be forbidden
  }
}

function read(): Preferences {
  const theme = kept("theme");
  const zone = kept("zone") ?? "";
  return {
    theme: theme === "light" || theme === "dark" ? theme : DEFAULTS.theme,
    times: kept("times") === "absolute" ? "absolute" : DEFAULTS.times,
    zone: zone !== "" && isZone(zone) ? zone : DEFAULTS.zone,
  };
}

let current = read();

function tell() {
  current = read();
  showTheme(current.theme);
  listeners.forEach((listener) => listener());
}

/** Sets one preference, here and in the browser's other tabs. */
export function setPreference<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void {
  try {
    localStorage.setItem(`penstock.${name}`, value);
  } catch {
    // Then it holds as long as the page.
    current = { ...current, [name]: value };
    showTheme(current.theme);
    listeners.forEach((listener) => listener());
    return;
  }
  tell();
}

function showTheme(theme: Theme) {
  const isDark =
    theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
}

/** Follows the system's theme and the choices made in other tabs. Call it once. */
export function followPreferences(): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => showTheme(current.theme));
  window.addEventListener("storage", tell);
}

/** What the viewer chose, as it is now. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
