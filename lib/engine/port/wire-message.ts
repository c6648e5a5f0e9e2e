import type { ScannedMessage } from "./chat-scan.ts";
import type { Message } from "./port.ts";

/** A message that an engine may be sent as it came: its text is made only where something asks for it. */
export class WireMessage implements Message {
  readonly role: Message["role"];
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  #read: Message | undefined;

  constructor(bytes: Buffer, { role, start, end }: ScannedMessage) {
    this.bytes = bytes;
    this.role = role as Message["role"];
    this.start = start;
    this.end = end;
  }

  /** The same as an ordinary message. */
  read(): Message {
    this.#read ??= JSON.parse(this.bytes.toString("utf8", this.start, this.end)) as Message;
    return this.#read;
  }

  get content(): Message["content"] {
    return this.read().content;
  }

  get tool_calls(): Message["tool_calls"] {
    return this.read().tool_calls;
  }

  get tool_call_id(): Message["tool_call_id"] {
    return this.read().tool_call_id;
  }
}

/** Messages as they can be copied to another thread. */
export const readAll = (messages: readonly Message[]): Message[] =>
  messages.map((message) => (message instanceof WireMessage ? message.read() : message));

const comma = Buffer.from(",");

/** The JSON of a list of messages: those that came as bytes as they came, neighbours in one piece. */
export function messagesJson(
  messages: readonly Message[],
  fieldsOf: (message: Message, at: number) => unknown,
): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < messages.length; ) {
    if (at > 0) pieces.push(comma);
    const first = messages[at];
    if (first instanceof WireMessage) {
      let last = first;
      for (let next = messages[++at]; isNeighbour(last, next); next = messages[++at]) last = next;
      pieces.push(first.bytes.subarray(first.start, last.end));
    } else if (first) {
      pieces.push(Buffer.from(JSON.stringify(fieldsOf(first, at))));
      at++;
    }
  }
  return pieces;
}

const separator = /^\s*,\s*$/;

const isNeighbour = (before: WireMessage, next: Message | undefined): next is WireMessage =>
  next instanceof WireMessage &&
  next.bytes === before.bytes &&
  separator.test(next.bytes.toString("latin1", before.end, next.start));
