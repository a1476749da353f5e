import { useNow } from "@/lib/now";
import { usePreferences } from "@/lib/preferences";
import { formatAbsolute, formatFull, formatRelative, ownZone } from "@/lib/time";

interface TimeProps {
  /** An instant as the API gives it; nothing is shown for none. */
  at: string | null | undefined;
  /** How it is shown, whatever the viewer prefers. */
  style?: "relative" | "absolute";
  className?: string;
}

/** An instant, as the viewer likes to read instants; its tooltip says it in full. */
export function Time({ at, style, className }: TimeProps) {
  const { times, zone } = usePreferences();
  const now = useNow();
  if (!at) return <span className="text-ink-faint">–</span>;
  const instant = new Date(at);
  const inZone = zone || ownZone();
  const isRelative = (style ?? times) === "relative";
  const words = isRelative
    ? formatRelative(instant, new Date(now), inZone)
    : formatAbsolute(instant, new Date(now), inZone);
  return (
    <time dateTime={at} title={formatFull(instant, inZone)} className={className}>
      {words}
    </time>
  );
}
