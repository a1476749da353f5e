import { formatDuration, secondsBetween } from "@/lib/duration";
import { useNow } from "@/lib/now";

interface DurationProps {
  /** When it began; nothing is shown before. */
  start: string | null | undefined;
  /** When it ended; it goes on until now without. */
  end: string | null | undefined;
}

/** How long something took, or takes so far. */
export function Duration({ start, end }: DurationProps) {
  if (!start) return <span className="text-ink-faint">–</span>;
  return end ? (
    <span className="tabular">{formatDuration(secondsBetween(start, end))}</span>
  ) : (
    <Growing start={start} />
  );
}

function Growing({ start }: { start: string }) {
  const now = useNow();
  return <span className="tabular">{formatDuration(Math.floor(secondsBetween(start, null, now)))}</span>;
}
