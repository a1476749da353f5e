export type StreamStatus = "connecting" | "live" | "down";

/** One message of a stream: the id after which it resumes, its kind, and its data as it came. */
export interface StreamMessage {
  id: string;
  kind: string;
  data: string;
}

export interface StreamHandlers {
  onMessage: (message: StreamMessage) => void;
  /** What came in between is not known any more: look at everything anew. */
  onReset: () => void;
  onStatus: (status: StreamStatus) => void;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;

/**
 * Follows a stream until it is closed, and comes back after its last message where it was cut off.
 *
 * @param url of the stream, with its conditions.
 * @param kinds of messages that are of interest, beside those that every stream has.
 * @returns what closes it.
 */
export function follow(url: string, kinds: readonly string[], handlers: StreamHandlers): () => void {
  let source: EventSource | undefined;
  let timer: number | undefined;
  let lastId = "";
  let delay = FIRST_DELAY_MS;

  function open() {
    const resumed = new URL(url, location.href);
    if (lastId !== "") resumed.searchParams.set("after", lastId);
    const one = new EventSource(resumed);
    source = one;
    const keep = (event: MessageEvent<string>) => {
      lastId = event.lastEventId || lastId;
      return { id: lastId, kind: event.type, data: event.data };
    };
    one.addEventListener("open", () => handlers.onStatus("live"));
    one.addEventListener("open", (event) => {
      // The server's own first message bears the same name as the browser's event, and a cursor.
      if (event instanceof MessageEvent) keep(event as MessageEvent<string>);
      delay = FIRST_DELAY_MS;
    });
    one.addEventListener("reset", (event) => {
      keep(event as MessageEvent<string>);
      handlers.onReset();
    });
    one.addEventListener("resume", (event) => {
      keep(event as MessageEvent<string>);
      again(0);
    });
    for (const kind of kinds) {
      one.addEventListener(kind, (event) => handlers.onMessage(keep(event as MessageEvent<string>)));
    }
    // A browser comes back by itself in some cases only; so this does in all, with a delay that grows.
    one.addEventListener("error", () => {
      handlers.onStatus("down");
      again(delay);
      delay = Math.min(delay * 2, LONGEST_DELAY_MS);
    });
  }

  function again(milliseconds: number) {
    source?.close();
    window.clearTimeout(timer);
    timer = window.setTimeout(open, milliseconds * (0.75 + Math.random() / 2));
  }

  const wake = () => {
    if (source?.readyState === EventSource.CLOSED) {
      delay = FIRST_DELAY_MS;
      again(0);
    }
  };
  window.addEventListener("online", wake);
  handlers.onStatus("connecting");
  open();
  return () => {
    window.removeEventListener("online", wake);
    window.clearTimeout(timer);
    source?.close();
  };
}
