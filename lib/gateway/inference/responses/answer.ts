import { newId } from "#db/id.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import type { Pico } from "#lib/core/money.ts";
import { promptBytesOf } from "#lib/domain/agents/completions/rules.ts";
import { namesInHeader, sorted } from "#lib/engine/port/parameters.ts";
import type { ChatRequest, EngineUsage } from "#lib/engine/port/port.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import type { WireError } from "#lib/gateway/http/wire-error.ts";
import { holdChat } from "#lib/gateway/inference/answer-chat.ts";
import { askEngine } from "#lib/gateway/inference/ask-engine.ts";
import { keepContent } from "#lib/gateway/inference/keep-content.ts";
import { relay } from "#lib/gateway/inference/relay.ts";
import type { HeldRequest } from "#lib/gateway/inference/reserve.ts";
import { settle } from "#lib/gateway/inference/settlement.ts";
import { chatOf, functionsOf } from "./chat.ts";
import { type ResponseInput, responseParameters } from "./input.ts";
import { isStored, saidIn, store } from "./kept.ts";
import { Output, type OutputOptions } from "./output.ts";
import { askedOnWire, begun, ended, failed, type ResponseOnWire } from "./response.ts";

/** Answers items with items, whole or as a stream: `POST /v1/responses`. */
export async function respond(ctx: Context, input: ResponseInput, request: AuthenticatedRequest): Promise<void> {
  authorize(ctx.actor, "completions.create");
  request.sent = { parameters: responseParameters, body: input };
  const isKept = isStored(ctx, input, request);
  const { tools, names, left } = functionsOf(request, input.tools);
  const said = await saidIn(ctx, input);
  const chat = chatOf(input, [...said.before, ...said.own], tools);
  if (said.isLonger) request.promptBytes = promptBytesOf(chat);
  const { held, prompt } = await holdChat(request, chat);
  const { extras } = sorted(responseParameters, input, held.engine.takes);
  tellLeft(request, left);
  const asked = askedOnWire(newId("response", request.at), request, input, isKept);
  const keep = async (response: ResponseOnWire, usage: EngineUsage, billed: Pico) =>
    isKept ? store(ctx, { request, input, said, response, usage, billed }) : undefined;
  const reading = { isSummarized: !!input.reasoning?.summary, names };
  const answering = { held, prompt: { ...prompt, extras }, asked, keep, reading };
  await (request.streamed ? answerStream(answering) : answerWhole(answering));
}

type Answering = {
  held: HeldRequest;
  prompt: ChatRequest;
  asked: ReturnType<typeof askedOnWire>;
  /** Stores the response where it is to be; tells what went wrong. */
  keep: (response: ResponseOnWire, usage: EngineUsage, billed: Pico) => Promise<WireError | undefined>;
  /** How the client reads the answer. */
  reading: OutputOptions;
};

/** Tools that were left out are named like fields that were. */
function tellLeft({ headers }: AuthenticatedRequest, left: readonly string[]): void {
  if (left.length === 0) return;
  const named = namesInHeader([...new Set(left)].map((type) => `tools.${type}`));
  headers["x-ignored-parameters"] = [headers["x-ignored-parameters"], named].filter(Boolean).join(", ");
}

async function answerWhole({ held, prompt, asked, keep, reading }: Answering): Promise<void> {
  const { request } = held;
  const completion = await askEngine(held, prompt, (engine, cancel) => engine.complete(prompt, cancel));
  if (!completion) return;
  const { choices, usage } = completion;
  const output = new Output(reading);
  for (const { index, message, finish_reason: finish } of choices) {
    const { content, reasoning, tool_calls } = message;
    output.next({ index, content: content ?? undefined, reasoning, toolCalls: tool_calls ?? undefined, finish });
  }
  output.end();
  const response = ended(asked, { output: output.items, finish: output.finish, usage, at: now() });
  const body = JSON.stringify(response);
  const billed = await settle(held, { tokens: usage, status: 200, outcome: "answered", reason: null });
  const unkept = await keep(response, usage, billed);
  await keepContent(request, body);
  if (unkept) request.fail(unkept);
  else request.answer(200, body);
}

/** What looks complete to the client is an answer that is counted: the last items end with the commit of the event. */
async function answerStream({ held, prompt, asked, keep, reading }: Answering): Promise<void> {
  const { request } = held;
  const stream = await askEngine(held, prompt, (engine, cancel) => engine.stream(prompt, cancel));
  if (!stream) return;
  request.startEvents();
  const output = new Output(reading);
  const response = begun(asked);
  await request.write(
    output.event("response.created", { response }) + output.event("response.in_progress", { response }),
  );
  const { tokens: usage, billed, failure } = await relay(held, stream, output);
  // An answer that its client left is not stored: no one has seen its end.
  if (!request.cancellation.isCancelled) {
    const keepBilled = (response: ResponseOnWire) => keep(response, usage, billed);
    await request.write(await endOf(output, usage, { asked, failure, keep: keepBilled }));
  }
  await keepContent(request, JSON.stringify(output.items));
  request.outgoing.end();
}

type Ending = {
  asked: Answering["asked"];
  failure: WireError | undefined;
  keep: (response: ResponseOnWire) => Promise<WireError | undefined>;
};

/** The last events of a stream: what was begun ends, or what went wrong is told. */
async function endOf(output: Output, usage: EngineUsage, { asked, failure, keep }: Ending): Promise<string> {
  const frames = failure ? "" : output.end();
  const response = ended(asked, { output: output.items, finish: output.finish, usage, at: now() });
  const wrong = failure ?? (await keep(response));
  if (!wrong) return frames + output.event(`response.${response.status}`, { response });
  const broken = failed(asked, output.items, usage, problemOf(wrong));
  return output.event("error", errorOf(wrong)) + output.event("response.failed", { response: broken });
}

/** Some clients read an error's fields, others what stands under `error`, and throw that. */
function errorOf({ body }: WireError): Record<string, unknown> {
  const { type: _type, ...fields } = JSON.parse(body) as Record<string, unknown>;
  return fields;
}

/** Clients know a few words for what can go wrong in a stream. */
function problemOf({ body, status }: WireError): { code: string; message: string } {
  const { message } = JSON.parse(body) as { message: string };
  return { code: status === 429 ? "rate_limit_exceeded" : "server_error", message };
}
