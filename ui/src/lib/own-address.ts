/** Where an address leads that is one of ours; home for any other, so that nobody is sent elsewhere. */
export function ownAddress(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) && !next.startsWith("/login") ? next : "/";
}
