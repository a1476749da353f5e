import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";

import { Button } from "./ui/button";
import { toast } from "./ui/toast";

interface CopyButtonProps {
  /** What is copied. */
  text: string;
  /** What the button is for, such as "Copy the id". */
  label: string;
  className?: string;
}

/** Puts a text on the clipboard. */
export function CopyButton({ text, label, className }: CopyButtonProps) {
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return;
    const timer = window.setTimeout(() => setDone(false), 1_500);
    return () => window.clearTimeout(timer);
  }, [isDone]);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
    } catch (error) {
      toast.failed("Nothing was copied", error);
    }
  }
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      aria-label={isDone ? "Copied" : label}
      className={className}
      onClick={() => void copy()}
    >
      {isDone ? <Check className="tone-completed text-(--tone)" /> : <Copy />}
    </Button>
  );
}
