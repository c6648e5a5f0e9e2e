import { createParser, type EventSourceMessage } from "eventsource-parser";

export type StreamEvent = Pick<EventSourceMessage, "event" | "data">;

/** The most text one event may have: whoever sends more is not answering. */
const longestEvent = 16 * 1024 * 1024;

/** Reads server-sent events from bytes as they come, however they are cut; each call returns the events that became whole. */
export function createEventReader(longest = longestEvent): {
  push(bytes: Uint8Array): StreamEvent[];
  flush(): StreamEvent[];
} {
  const decoder = new TextDecoder();
  let events: StreamEvent[] = [];
  let isTooLong = false;
  const parser = createParser({
    onEvent: (event) => events.push(event),
    onError: ({ type }) => {
      isTooLong ||= type === "max-buffer-size-exceeded";
    },
    maxBufferSize: longest,
  });
  const read = (text: string): StreamEvent[] => {
    events = [];
    parser.feed(text);
    if (isTooLong) throw new Error(`An event is longer than ${longest} characters.`);
    return events;
  };
  return {
    push: (bytes) => read(decoder.decode(bytes, { stream: true })),
    // A last event counts although no empty line ends it.
    flush: () => read(`${decoder.decode()}\n\n`),
  };
}
