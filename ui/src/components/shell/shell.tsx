import { Link, Outlet, useLocation, useRouter } from "@tanstack/react-router";
import { Menu as MenuIcon, Search, X } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";

import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { cn } from "@/lib/cn";
import { useShortcuts } from "@/lib/shortcuts";

import { LiveStatus, OfflineBanner } from "./live-status";
import { Logo } from "./logo";
import { isWithin, NAVIGATION } from "./navigation";

const Account = lazy(() => import("./account"));
const CommandPalette = lazy(() => import("./command-palette"));
const ShortcutSheet = lazy(() => import("./shortcut-sheet"));

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** What stands around every page: the way to the others, the palette, and whether what is seen is live. */
export function Shell() {
  const [open, setOpen] = useState<"palette" | "shortcuts" | null>(null);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const router = useRouter();
  const path = useLocation({ select: (location) => location.pathname });
  const main = useRef<HTMLElement>(null);

  useShortcuts({
    "mod+k": () => setOpen("palette"),
    "?": () => setOpen("shortcuts"),
    ...Object.fromEntries(NAVIGATION.map(({ key, to }) => [`g ${key}`, () => void router.navigate({ to })])),
  });
  const lastPath = useRef(path);
  useEffect(() => {
    if (lastPath.current === path) return;
    lastPath.current = path;
    setMenuOpen(false);
  }, [path]);

  return (
    <div className="flex min-h-dvh flex-col md:flex-row">
      <a
        href="#main"
        className="fixed top-2 left-2 z-60 -translate-y-16 rounded-md bg-accent px-3 py-1.5 text-sm font-medium text-on-accent focus:translate-y-0"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the page
      </a>
      <header className="sticky top-0 z-30 flex h-12 items-center justify-between border-b border-line bg-canvas/90 px-3 backdrop-blur md:hidden">
        <Logo />
        <div className="flex items-center gap-1">
          <LiveStatus />
          <Button
            variant="ghost"
            size="icon"
            aria-label="Search and commands"
            onClick={() => setOpen("palette")}
          >
            <Search />
          </Button>
          <Button
            variant="ghost"
            size="icon"
            aria-label={isMenuOpen ? "Close the menu" : "Open the menu"}
            aria-expanded={isMenuOpen}
            onClick={() => setMenuOpen(!isMenuOpen)}
          >
            {isMenuOpen ? <X /> : <MenuIcon />}
          </Button>
        </div>
      </header>
      <aside
        className={cn(
          "z-20 shrink-0 flex-col border-line bg-sunken md:sticky md:top-0 md:flex md:h-dvh md:w-52 md:border-r",
          isMenuOpen ? "fixed inset-x-0 top-12 bottom-0 flex" : "hidden",
        )}
      >
        <div className="hidden h-14 items-center px-4 md:flex">
          <Logo />
        </div>
        <div className="hidden px-3 pb-2 md:block">
          <button
            type="button"
            className="flex h-8 w-full items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-sm text-ink-faint shadow-panel hover:border-line-strong hover:text-ink-muted"
            onClick={() => setOpen("palette")}
          >
            <Search aria-hidden className="size-3.5" />
            <span className="flex-1 text-left">Search</span>
            <Kbd>{IS_MAC ? "⌘ K" : "Ctrl K"}</Kbd>
          </button>
        </div>
        <nav aria-label="Pages" className="flex-1 overflow-y-auto px-3 py-2">
          <ul className="space-y-0.5">
            {NAVIGATION.map((entry) => {
              const isHere = isWithin(path, entry);
              return (
                <li key={entry.to}>
                  <Link
                    to={entry.to}
                    aria-current={isHere ? "page" : undefined}
                    className={cn(
                      "flex h-9 items-center gap-2.5 rounded-md px-2.5 text-sm font-medium text-ink-muted hover:bg-hover hover:text-ink md:h-8",
                      isHere && "bg-hover text-ink",
                    )}
                  >
                    <entry.icon
                      aria-hidden
                      className={cn("size-4", isHere ? "text-accent" : "text-ink-faint")}
                    />
                    {entry.label}
                  </Link>
                </li>
              );
            })}
          </ul>
        </nav>
        <footer className="flex items-center justify-between gap-2 border-t border-line px-3 py-2.5">
          <Suspense fallback={<span className="h-7" />}>
            <Account onShortcuts={() => setOpen("shortcuts")} />
          </Suspense>
          <span className="hidden md:block">
            <LiveStatus />
          </span>
        </footer>
      </aside>
      <div className="flex min-w-0 flex-1 flex-col">
        <OfflineBanner />
        <main ref={main} id="main" tabIndex={-1} className="flex-1 outline-none">
          <Outlet />
        </main>
      </div>
      <Suspense>
        {open === "palette" && <CommandPalette onClose={() => setOpen(null)} />}
        {open === "shortcuts" && <ShortcutSheet onClose={() => setOpen(null)} />}
      </Suspense>
    </div>
  );
}
