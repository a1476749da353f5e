/** A key, as it stands on keyboards. */
export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded border border-line bg-sunken px-1 font-sans text-2xs text-ink-muted">
      {children}
    </kbd>
  );
}
