import { createParser, type EventSourceMessage } from "eventsource-parser";

export type StreamEvent = Pick<EventSourceMessage, "event" | "data">;

/** Reads server-sent events from bytes as they come, however they are cut; each call returns the events that became whole. */
export function createEventReader(): { push(bytes: Uint8Array): StreamEvent[]; flush(): StreamEvent[] } {
  const decoder = new TextDecoder();
  let events: StreamEvent[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  const read = (text: string): StreamEvent[] => {
    events = [];
    parser.feed(text);
    return events;
  };
  return {
    push: (bytes) => read(decoder.decode(bytes, { stream: true })),
    // A last event counts although no empty line ends it.
    flush: () => read(`${decoder.decode()}\n\n`),
  };
}
