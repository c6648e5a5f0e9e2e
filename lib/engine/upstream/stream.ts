import type { Dispatcher } from "undici";
import { AppError } from "#lib/core/errors.ts";
import { createEventReader, type StreamEvent } from "#lib/core/event-stream.ts";
import type { Cancellation } from "#lib/engine/port/cancellation.ts";
import type { CompletionRequest, CompletionStream, Delta } from "#lib/engine/port/port.ts";
import { type Assembly, createAssembly } from "./assembly.ts";
import type { Client } from "./client.ts";
import type { WireAnswer } from "./incoming.ts";
import { errorInside, unavailable } from "./refusal.ts";

/** The stream of an answer, once its first delta is there: an error before that is still an error answer. */
export async function openStream(
  answer: Dispatcher.ResponseData,
  request: CompletionRequest,
  client: Client,
  cancellation: Cancellation,
): Promise<CompletionStream> {
  const assembly = createAssembly(request);
  const deltas = read(answer, assembly, client, cancellation);
  const first = await deltas.next();
  return { [Symbol.asyncIterator]: () => startingWith(first, deltas), usage: assembly.usage };
}

function startingWith(first: IteratorResult<Delta>, rest: AsyncGenerator<Delta>): AsyncIterator<Delta> {
  let held: IteratorResult<Delta> | undefined = first;
  return {
    async next() {
      const result = held ?? (await rest.next());
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
  const isWhole = String(answer.headers["content-type"]).includes("application/json");
  let isComplete = isWhole;
  try {
    for await (const event of eventsOf(answer.body, isWhole)) {
      if (event.data === "[DONE]") isComplete = true;
      else yield* assembly.add(parse(event.data));
    }
  } catch (error) {
    throw error instanceof AppError && !cancellation.isCancelled ? error : client.failure(error, cancellation);
  }
  yield* assembly.end(isComplete);
}

async function* eventsOf(body: Dispatcher.ResponseData["body"], isWhole: boolean): AsyncGenerator<StreamEvent> {
  const reader = isWhole ? createWholeReader() : createEventReader();
  for await (const bytes of body) yield* reader.push(bytes);
  yield* reader.flush();
}

/** For a server that answers in one piece although a stream was asked for. */
function createWholeReader(): ReturnType<typeof createEventReader> {
  const pieces: Uint8Array[] = [];
  return {
    push(bytes) {
      pieces.push(bytes);
      return [];
    },
    flush: () => [{ data: Buffer.concat(pieces).toString("utf8") }],
  };
}

function parse(event: string): WireAnswer {
  let parsed: WireAnswer;
  try {
    parsed = JSON.parse(event);
  } catch (error) {
    throw unavailable(error);
  }
  const inside = errorInside(parsed);
  if (inside) throw inside;
  return parsed ?? {};
}
