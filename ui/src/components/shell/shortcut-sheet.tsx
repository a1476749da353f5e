import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";

import { NAVIGATION } from "./navigation";

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

const GROUPS: { title: string; keys: [string[], string][] }[] = [
  {
    title: "Everywhere",
    keys: [
      [[IS_MAC ? "⌘" : "Ctrl", "K"], "Search and commands"],
      [["?"], "This sheet"],
      [["/"], "Search within the page"],
      ...NAVIGATION.map(({ key, label }): [string[], string] => [["g", key], `Go to ${label}`]),
    ],
  },
  {
    title: "In a list",
    keys: [
      [["j"], "Next row, as ↓"],
      [["k"], "Row before, as ↑"],
      [["Enter"], "Open the row"],
      [["x"], "Select the row"],
    ],
  },
];

/** What the keys do. */
export default function ShortcutSheet({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent title="Keyboard shortcuts" className="max-w-2xl">
        <div className="grid gap-x-10 gap-y-5 sm:grid-cols-2">
          {GROUPS.map(({ title, keys }) => (
            <section key={title}>
              <h3 className="mb-1.5 text-xs font-medium text-ink-faint">{title}</h3>
              <dl>
                {keys.map(([combination, what]) => (
                  <div key={what} className="flex h-8 items-center justify-between gap-4">
                    <dt>{what}</dt>
                    <dd className="flex gap-1">
                      {combination.map((key) => (
                        <Kbd key={key}>{key}</Kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </DialogContent>
    </Dialog>
  );
}
