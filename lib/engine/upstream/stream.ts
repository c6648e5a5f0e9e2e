import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { createEventReader, type StreamEvent } from "#lib/core/event-stream.ts";
import type { Cancellation } from "#lib/engine/port/cancellation.ts";
import type { CompletionRequest, CompletionStream, Delta } from "#lib/engine/port/port.ts";
import { Assembly } from "./assembly.ts";
import type { Client } from "./client.ts";
import { decodedStream } from "./decoding.ts";
import type { WireAnswer } from "./incoming.ts";
import { errorInside, unavailable } from "./refusal.ts";

/** How long a stream that has begun may be silent before those who wait are told that it has. */
const patienceMs = 1000;
/** How long an upstream that is done may keep its connection open: the usage may come after the last choice. */
const lingerMs = 3000;
/** The same once it has said that nothing follows; long enough for the connection to be used again. */
const closeMs = 250;
/** Of an answer in one piece; events are bounded by their reader. */
const longestWhole = 256 * 1024 * 1024;
/** What such an answer is called among events. */
const wholeAnswer = "whole answer";

/** The stream of an answer, once its first delta is there, or it has begun and is silent: an error before is an error answer. */
export async function openStream(
  answer: Dispatcher.ResponseData,
  request: CompletionRequest,
  client: Client,
  cancellation: Cancellation,
): Promise<CompletionStream> {
  const assembly = new Assembly(request, client.id);
  const deltas = read(answer, assembly, client, cancellation);
  const first = deltas.next();
  const isStream = String(answer.headers["content-type"]).includes("text/event-stream");
  // One that is given up about as soon is waited for: its failure is an error answer still.
  if (isStream && client.timeoutMs > 2 * patienceMs) await firstOrSilence(first);
  else await first;
  return { [Symbol.asyncIterator]: () => startingWith(first, deltas), usage: () => assembly.usage() };
}

async function firstOrSilence(first: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  // It is told to who reads the stream; that it fails before anyone does is no accident.
  first.catch(() => undefined);
  try {
    await Promise.race([first, silence]);
  } finally {
    clearTimeout(timer);
  }
}

function startingWith(first: Promise<IteratorResult<Delta>>, rest: AsyncGenerator<Delta>): AsyncIterator<Delta> {
  let held: Promise<IteratorResult<Delta>> | undefined = first;
  return {
    next() {
      const result = held ?? rest.next();
      held = undefined;
      return result;
    },
    // Leaving the generator destroys the body, and with it the request at the upstream.
    return: () => rest.return(undefined),
  };
}

async function* read(
  answer: Dispatcher.ResponseData,
  assembly: Assembly,
  client: Client,
  cancellation: Cancellation,
): AsyncGenerator<Delta> {
  const body = decodedStream(answer.headers, answer.body);
  let isDone = false;
  let lingering: NodeJS.Timeout | undefined;
  try {
    for await (const event of eventsOf(body)) {
      yield* deltasIn(event, assembly);
      isDone ||= isEnd(event);
      lingering = closing(body, lingering, { isDone, isOver: assembly.isOver });
    }
  } catch (error) {
    const isOver = isDone || assembly.isOver;
    // What breaks behind the end takes nothing from the answer.
    if (!isOver || cancellation.isCancelled) throw client.failure(error, cancellation);
  } finally {
    clearTimeout(lingering);
  }
  yield* assembly.end(isDone);
}

type Ending = { isDone: boolean; isOver: boolean };

/** Closes a body that is at its end and does not close by itself; what still comes gives it no more time. */
function closing(body: Readable, before: NodeJS.Timeout | undefined, { isDone, isOver }: Ending) {
  if (!isDone && (before || !isOver)) return before;
  clearTimeout(before);
  return setTimeout(() => body.destroy(), isDone ? closeMs : lingerMs);
}

const isEnd = ({ event, data }: StreamEvent): boolean => event === wholeAnswer || data.trim() === "[DONE]";

function deltasIn({ event, data }: StreamEvent, assembly: Assembly): Delta[] {
  const text = data.trim();
  return text === "" || text === "[DONE]" ? [] : assembly.add(parse(text, event));
}

/** The events of a body, or the one of a server that answers in one piece although a stream was asked for. */
async function* eventsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<StreamEvent> {
  let reader: ReturnType<typeof createEventReader> | undefined;
  for await (const bytes of body) {
    if (!reader && isBlank(bytes)) continue;
    reader ??= beginsJson(bytes) ? createWholeReader() : createEventReader();
    yield* reader.push(bytes);
  }
  if (reader) yield* reader.flush();
}

const space = new Set([0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf]);
const isBlank = (bytes: Uint8Array): boolean => bytes.every((byte) => space.has(byte));
const beginsJson = (bytes: Uint8Array): boolean => bytes.find((byte) => !space.has(byte)) === 0x7b;

function createWholeReader(): ReturnType<typeof createEventReader> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  return {
    push(bytes) {
      size += bytes.length;
      if (size > longestWhole) throw unavailable();
      pieces.push(bytes);
      return [];
    },
    flush: () => [{ event: wholeAnswer, data: new TextDecoder().decode(Buffer.concat(pieces)) }],
  };
}

/** An answer in one piece as its deltas; a server that sends events unasked is understood too. */
export function deltasOf(text: string, assembly: Assembly): Delta[] {
  const events = text.trimStart().startsWith("{") ? [{ event: wholeAnswer, data: text }] : eventsIn(text);
  const deltas = events.flatMap((event) => deltasIn(event, assembly));
  return [...deltas, ...assembly.end(events.some(isEnd))];
}

function eventsIn(text: string): StreamEvent[] {
  const reader = createEventReader();
  return [...reader.push(Buffer.from(text)), ...reader.flush()];
}

function parse(text: string, event?: string): WireAnswer {
  let parsed: WireAnswer;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw unavailable(error);
  }
  const inside = errorInside(parsed, event);
  if (inside) throw inside;
  return parsed ?? {};
}
