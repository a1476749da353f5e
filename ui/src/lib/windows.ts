export const WINDOWS = ["1h", "6h", "24h", "7d", "30d"] as const;

export type Window = (typeof WINDOWS)[number];

const SECONDS: Record<Window, number> = {
  "1h": 3_600,
  "6h": 21_600,
  "24h": 86_400,
  "7d": 604_800,
  "30d": 2_592_000,
};

export const WINDOW_LABELS: Record<Window, string> = {
  "1h": "Last hour",
  "6h": "Last 6 hours",
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
};

/** The length of a window, in seconds. */
export function windowSeconds(window: Window): number {
  return SECONDS[window];
}

/** When a window that ends now began, to the minute: so that what is asked for stays the same while a page is seen. */
export function windowStart(window: Window, now: number): string {
  return new Date(Math.floor(now / 60_000) * 60_000 - SECONDS[window] * 1000).toISOString();
}
