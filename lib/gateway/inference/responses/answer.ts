import { newId } from "#db/id.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { namesInHeader, sorted } from "#lib/engine/port/parameters.ts";
import type { ChatRequest, Completion, CompletionStream } from "#lib/engine/port/port.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import type { WireError } from "#lib/gateway/http/wire-error.ts";
import { holdChat } from "#lib/gateway/inference/answer-chat.ts";
import { settleAbort } from "#lib/gateway/inference/client-abort.ts";
import { keepAlive } from "#lib/gateway/inference/heartbeat.ts";
import { keepContent } from "#lib/gateway/inference/keep-content.ts";
import { relay } from "#lib/gateway/inference/relay.ts";
import type { HeldRequest } from "#lib/gateway/inference/reserve.ts";
import { settle } from "#lib/gateway/inference/settlement.ts";
import { textOf } from "#lib/gateway/inference/wire.ts";
import { chatOf, functionsOf } from "./chat.ts";
import { type InputItem, type ResponseInput, responseParameters } from "./input.ts";
import { type KnownItem, wrong } from "./items.ts";
import { Output } from "./output.ts";
import { askedOnWire, begun, ended, failed } from "./response.ts";

/** Answers items with items, whole or as a stream: `POST /v1/responses`. */
export async function respond(ctx: Context, input: ResponseInput, request: AuthenticatedRequest): Promise<void> {
  authorize(ctx.actor, "completions.create");
  request.sent = { parameters: responseParameters, body: input };
  const { tools, left } = functionsOf(request, input.tools);
  const items = itemsOf(input).map(known);
  const { held, prompt } = await holdChat(request, chatOf(input, items, tools));
  const { extras } = sorted(responseParameters, input, held.engine.takes);
  tellLeft(request, left);
  const asked = askedOnWire(newId("response", request.at), request, input, false);
  const answering = { held, prompt: { ...prompt, extras }, asked, isSummarized: !!input.reasoning?.summary };
  await (request.streamed ? answerStream(answering) : answerWhole(answering));
}

type Answering = {
  held: HeldRequest;
  prompt: ChatRequest;
  asked: ReturnType<typeof askedOnWire>;
  isSummarized: boolean;
};

const itemsOf = ({ input }: ResponseInput): readonly InputItem[] =>
  typeof input === "string" ? [{ type: "message", role: "user", content: input }] : input;

function known(item: InputItem): KnownItem {
  if (item.type === "item_reference") throw wrong(`Item with id '${item.id}' not found.`);
  return item;
}

/** Tools that were left out are named like fields that were. */
function tellLeft({ headers }: AuthenticatedRequest, left: readonly string[]): void {
  if (left.length === 0) return;
  const named = namesInHeader([...new Set(left)].map((type) => `tools.${type}`));
  headers["x-ignored-parameters"] = [headers["x-ignored-parameters"], named].filter(Boolean).join(", ");
}

async function answerWhole({ held, prompt, asked, isSummarized }: Answering): Promise<void> {
  const { request } = held;
  let completion: Completion;
  try {
    completion = await held.engine.complete(prompt, request.cancellation);
  } catch (error) {
    return settleAbort(held, textOf(prompt), error);
  }
  const { choices, usage } = completion;
  const output = new Output({ isSummarized });
  for (const { index, message, finish_reason: finish } of choices) {
    const { content, reasoning, tool_calls } = message;
    output.next({ index, content: content ?? undefined, reasoning, toolCalls: tool_calls ?? undefined, finish });
  }
  output.end();
  const response = ended(asked, { output: output.items, finish: output.finish, usage, at: now() });
  const body = JSON.stringify(response);
  await settle(held, { tokens: usage, status: 200, outcome: "answered", reason: null });
  await keepContent(request, body);
  request.answer(200, body);
}

/** What looks complete to the client is an answer that is counted: the last items end with the commit of the event. */
async function answerStream({ held, prompt, asked, isSummarized }: Answering): Promise<void> {
  const { request } = held;
  let stream: CompletionStream;
  try {
    stream = await held.engine.stream(prompt, request.cancellation);
  } catch (error) {
    return settleAbort(held, textOf(prompt), error);
  }
  request.startEvents();
  keepAlive(request.outgoing);
  const output = new Output({ isSummarized });
  const response = begun(asked);
  await request.write(
    output.event("response.created", { response }) + output.event("response.in_progress", { response }),
  );
  const { tokens: usage, failure } = await relay(held, stream, output);
  const frames = failure ? "" : output.end();
  const last = failure
    ? failed(asked, output.items, usage, problemOf(failure))
    : ended(asked, { output: output.items, finish: output.finish, usage, at: now() });
  const told = failure ? output.event("error", errorOf(failure)) : "";
  await request.write(frames + told + output.event(`response.${last.status}`, { response: last }));
  await keepContent(request, JSON.stringify(output.items));
  request.outgoing.end();
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
