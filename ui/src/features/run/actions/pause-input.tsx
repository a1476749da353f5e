import { Textarea } from "@/components/ui/textarea";

interface PauseInputProps {
  /** What is given, as the text of a JSON object. */
  text: string;
  onText: (text: string) => void;
}

/** The input that a paused run waits for; the server holds it against the schema that the run waits with. */
export function PauseInput({ text, onText }: PauseInputProps) {
  return (
    <label className="block" htmlFor="pause-input">
      <span className="mb-1 block text-xs text-ink-muted">Input, as JSON</span>
      <Textarea
        id="pause-input"
        rows={8}
        className="font-mono"
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
    </label>
  );
}
