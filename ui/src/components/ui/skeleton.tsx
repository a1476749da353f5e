import { cn } from "@/lib/cn";

/** The place of something that is still being asked for. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn("animate-pulse rounded bg-hover", className)} />;
}
