import { lazy, Suspense } from "react";

import { Skeleton } from "@/components/ui/skeleton";

import type { EditorProps } from "./editor";

// CodeMirror is large, and few pages need it: it is loaded where it is shown.
const Editor = lazy(async () => ({ default: (await import("./editor")).Editor }));

/** A text with colours and line numbers, to change or, with `isReadOnly`, to look at. */
export function CodeEditor(props: EditorProps) {
  return (
    <Suspense fallback={<Skeleton className="h-40 w-full rounded-md" />}>
      <Editor {...props} />
    </Suspense>
  );
}
