import { diffLines } from "diff";

import type { DeploymentSpec } from "@/api/types";
import { cn } from "@/lib/cn";

import { sortedJson } from "./sorted-json";

/** What is different between two versions, line by line. */
export function VersionDiff({ from, to }: { from: DeploymentSpec; to: DeploymentSpec }) {
  const parts = diffLines(sortedJson(from), sortedJson(to));
  if (parts.every((part) => !part.added && !part.removed)) {
    return <p className="text-ink-muted">They say the same.</p>;
  }
  return (
    <div
      role="region"
      aria-label="Differences"
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-md border border-line font-mono text-xs leading-5"
    >
      {parts.flatMap((part, at) =>
        part.value
          .replace(/\n$/, "")
          .split("\n")
          .map((line, index) => (
            <div
              key={`${at}-${index}`}
              className={cn(
                "px-3 whitespace-pre",
                part.added && "tone-completed tone-wash",
                part.removed && "tone-failed tone-wash",
                !part.added && !part.removed && "text-ink-muted",
              )}
            >
              <span aria-hidden className="mr-2 inline-block w-2 select-none">
                {part.added ? "+" : part.removed ? "−" : ""}
              </span>
              {(part.added || part.removed) && (
                <span className="sr-only">{part.added ? "becomes: " : "is now: "}</span>
              )}
              {line}
            </div>
          )),
      )}
    </div>
  );
}
