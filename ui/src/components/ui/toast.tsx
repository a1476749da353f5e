import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";

import { ApiError } from "@/api/errors";

interface Told {
  id: number;
  kind: "done" | "failed";
  title: string;
  description: string | undefined;
}

const MOST_SHOWN = 4;
const SHOWN_MS = { done: 5_000, failed: 12_000 };

let toasts: readonly Told[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: readonly Told[]) {
  toasts = next;
  listeners.forEach((listener) => listener());
}

function add(kind: Told["kind"], title: string, description?: string) {
  lastId += 1;
  set([...toasts, { id: lastId, kind, title, description }].slice(-MOST_SHOWN));
}

function remove(id: number) {
  set(toasts.filter((one) => one.id !== id));
}

/** Tells the viewer something at the edge of the page, for a few seconds. */
export const toast = {
  done: (title: string, description?: string) => add("done", title, description),
  failed: (title: string, error: unknown) => {
    const words = error instanceof Error ? error.message : String(error);
    const id = error instanceof ApiError && error.requestId !== null ? ` (request ${error.requestId})` : "";
    add("failed", title, words + id);
  },
};

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Shows the toasts; stands once in the page. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div
      role="region"
      aria-label="Notices"
      aria-live="polite"
      className="fixed right-4 bottom-4 z-60 flex w-[calc(100vw-2rem)] max-w-sm flex-col gap-2 empty:hidden"
    >
      {shown.map((one) => (
        <Toast key={one.id} told={one} />
      ))}
    </div>
  );
}

function Toast({ told }: { told: Told }) {
  useEffect(() => {
    const timer = window.setTimeout(() => remove(told.id), SHOWN_MS[told.kind]);
    return () => window.clearTimeout(timer);
  }, [told]);
  return (
    <div className="flex items-start gap-2.5 rounded-lg border border-line bg-surface p-3 pr-2 shadow-float">
      {told.kind === "failed" ? (
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      ) : (
        <CircleCheck aria-hidden className="tone-completed mt-0.5 size-4 shrink-0 text-(--tone)" />
      )}
      <div className="min-w-0 flex-1">
        <p className="text-sm font-medium">{told.title}</p>
        {told.description !== undefined && (
          <p className="mt-0.5 text-xs break-words text-ink-muted">{told.description}</p>
        )}
      </div>
      <button
        type="button"
        aria-label="Dismiss"
        className="rounded p-1 text-ink-faint hover:bg-hover hover:text-ink"
        onClick={() => remove(told.id)}
      >
        <X className="size-3.5" />
      </button>
    </div>
  );
}
