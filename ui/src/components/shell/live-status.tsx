import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";

import { cn } from "@/lib/cn";
import { useStreamStatus } from "@/stream/live";

const WORDS = {
  live: ["Live", "What you see is kept fresh by the server’s events."],
  connecting: ["Connecting", "The stream of events is being opened."],
  down: ["Reconnecting", "Events do not come in. What you see is asked for every 10 seconds until they do."],
} as const;

/** Whether what is seen is live. */
export function LiveStatus() {
  const status = useStreamStatus();
  const [word, explanation] = WORDS[status];
  return (
    <span role="status" title={explanation} className="flex items-center gap-1.5 px-1 text-xs text-ink-muted">
      <span
        aria-hidden
        className={cn(
          "size-1.5 rounded-full",
          status === "live" ? "tone-completed tone-fill" : "tone-late tone-fill animate-pulse",
        )}
      />
      {word}
    </span>
  );
}

function subscribe(listener: () => void) {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

/** Says that there is no network, or no server, and that what is seen may be old. */
export function OfflineBanner() {
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine);
  const status = useStreamStatus();
  if (isOnline && status !== "down") return null;
  return (
    <p
      role="status"
      className="tone-late tone-wash tone-ink flex items-center justify-center gap-2 px-4 py-1.5 text-center text-xs font-medium"
    >
      <WifiOff aria-hidden className="size-3.5 shrink-0" />
      {isOnline
        ? "The connection to the server is lost. What you see may be old; it is taken up again by itself."
        : "This machine is offline. What you see is as it was."}
    </p>
  );
}
