/** A few of something's tags, and how many more there are. */
export function TagList({ tags, most = 2 }: { tags: readonly string[] | undefined; most?: number }) {
  if (tags === undefined || tags.length === 0) return null;
  const rest = tags.length - most;
  return (
    <span className="flex min-w-0 items-center gap-1">
      {tags.slice(0, most).map((tag) => (
        <span key={tag} className="max-w-32 truncate rounded bg-hover px-1.5 py-px text-2xs text-ink-muted">
          {tag}
        </span>
      ))}
      {rest > 0 && (
        <span className="text-2xs text-ink-faint" title={tags.slice(most).join(", ")}>
          +{rest}
        </span>
      )}
    </span>
  );
}
