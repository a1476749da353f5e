import { KeyRound } from "lucide-react";
import { useState, type FormEvent } from "react";

import { ApiError } from "@/api/errors";
import { signIn } from "@/api/session";
import { Sign } from "@/components/shell/logo";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { ownAddress } from "@/lib/own-address";
import { basePath } from "@/lib/base";

/** Asks for the server's key, and goes on to where the viewer meant to go. */
export function SignIn({ next }: { next: string | undefined }) {
  const [key, setKey] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function enter(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setFault(null);
    try {
      await signIn(key.trim());
      // Anew from the start: nothing of what was seen before is kept.
      window.location.replace(basePath + ownAddress(next));
    } catch (error) {
      setFault(error instanceof ApiError ? error.message : String(error));
      setBusy(false);
    }
  }

  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-4 pb-24">
      <title>Sign in · Penstock</title>
      <form className="w-full max-w-sm" onSubmit={(event) => void enter(event)}>
        <div className="mb-6 flex flex-col items-center gap-3 text-center [&>svg]:size-10">
          <Sign />
          <h1 className="text-lg font-semibold tracking-tight">Sign in to Penstock</h1>
        </div>
        <div className="rounded-xl border border-line bg-surface p-5 shadow-panel">
          <label htmlFor="key" className="mb-1.5 block text-sm font-medium">
            API key
          </label>
          <Input
            id="key"
            type="password"
            autoComplete="current-password"
            required
            aria-invalid={fault !== null}
            aria-describedby="key-help"
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
          <p
            id="key-help"
            role={fault === null ? undefined : "alert"}
            className={`mt-2 text-xs ${fault === null ? "text-ink-muted" : "text-danger"}`}
          >
            {fault ?? "The key that the server was started with (PENSTOCK_SERVER_API_KEY)."}
          </p>
          <Button
            type="submit"
            variant="primary"
            className="mt-4 w-full"
            disabled={isBusy || key.trim() === ""}
          >
            <KeyRound /> {isBusy ? "Signing in…" : "Sign in"}
          </Button>
        </div>
      </form>
    </main>
  );
}
