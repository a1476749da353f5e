import { Link } from "@tanstack/react-router";

/** The name and the sign, which lead home. */
export function Logo() {
  return (
    <Link to="/" className="flex items-center gap-2 rounded" aria-label="Penstock, home">
      <Sign />
      <span className="text-[0.9375rem] font-semibold tracking-tight">Penstock</span>
    </Link>
  );
}

export function Sign() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className="size-6">
      <rect width="32" height="32" rx="8" className="fill-[oklch(0.5_0.095_215)]" />
      <path
        d="M9 7v18M9 9h9a5.5 5.5 0 0 1 0 11H9"
        className="fill-none stroke-white stroke-[3.4]"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path
        d="M15 25c2.4-2 4.6 2 8 0"
        className="fill-none stroke-[oklch(0.86_0.08_205)] stroke-[2.6]"
        strokeLinecap="round"
      />
    </svg>
  );
}
