import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { namedEndUser } from "#lib/domain/end-users/rules.ts";
import { type CompletionInput, completionParameters } from "#lib/engine/port/input.ts";
import { sorted } from "#lib/engine/port/parameters.ts";
import type { ChatRequest, CompletionRequest, FimRequest } from "#lib/engine/port/port.ts";
import { type AskedText, askAll, streamAll } from "#lib/engine/port/several.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import { streamErrorFrame } from "#lib/gateway/http/stream-error.ts";
import { type AdmittedRequest, admit } from "./admission.ts";
import { bounded } from "./answer-chat.ts";
import { askEngine } from "./ask-engine.ts";
import { givenTexts } from "./given-texts.ts";
import { keepContent } from "./keep-content.ts";
import { relay } from "./relay.ts";
import { type HeldRequest, reserve } from "./reserve.ts";
import { settle } from "./settlement.ts";
import { tellIgnored } from "./tell-ignored.ts";
import { TextFrames, textChoice } from "./text-frames.ts";
import { chatRequest, fimRequest, textOf, type Unheld, usageOnWire } from "./wire.ts";

/** Goes on with texts, as models did before they knew conversations: `POST /v1/completions`. */
export async function completeText(ctx: Context, input: CompletionInput, request: AuthenticatedRequest): Promise<void> {
  authorize(ctx.actor, "completions.create");
  request.sent = { parameters: completionParameters, body: input };
  const admitted = await admit(request, {
    model: input.model,
    capability: ["completion_fim", "completion_chat"],
    streamed: input.stream === true,
    endUser: namedEndUser(input),
  });
  const asked = askedTexts(input, admitted);
  tellIgnored(admitted);
  // Each prompt stands in marks of its own.
  request.promptBytes = request.bytes.length + asked.requests.length * bytesOfMarks;
  const maxTokens = asked.requests[0]?.sampling.maxTokens;
  const held = await reserve(admitted, { maxTokens, n: asked.requests.length });
  const each = Math.floor(held.bounds.completionTokens / asked.requests.length);
  const requests = asked.requests.map((one) => {
    const bounds = { promptTokens: promptBytes(one) + bytesOfMarks, completionTokens: each };
    return bounded<CompletionRequest>(one, { ...held, bounds });
  });
  await (request.streamed ? answerStream(held, { ...asked, requests }) : answerWhole(held, { ...asked, requests }));
}

const bytesOfMarks = 64;

/** A token stands for one byte at least. */
const promptBytes = (request: Unheld<ChatRequest> | Unheld<FimRequest>): number =>
  request.kind === "fim" && request.tokens ? request.tokens.length : Buffer.byteLength(textOf(request));

type UnheldText = Omit<AskedText, "requests"> & { requests: (Unheld<ChatRequest> | Unheld<FimRequest>)[] };
const mostAnswers = 128;

/** One request to the engine for each answer: all to the first prompt, then all to the second. */
function askedTexts(input: CompletionInput, { model, engine }: AdmittedRequest): UnheldText {
  const { texts, tokens } = givenTexts(input.prompt);
  if (tokens && !(engine.takesTokens && model.capabilities.completion_fim)) {
    throw refusal("prompt", `${input.model} reads texts, not lists of tokens. Send the text itself.`);
  }
  if (tokens && input.echo) throw refusal("echo", "A prompt of tokens cannot be given back as text.");
  if (input.suffix && !model.capabilities.completion_fim) {
    throw refusal("suffix", `${input.model} does not fill gaps. Leave suffix out, or ask a model that does.`);
  }
  const perPrompt = input.n ?? 1;
  const prompts = tokens ? tokens.map((list) => ({ tokens: list })) : texts.map((text) => ({ text }));
  if (prompts.length * perPrompt > mostAnswers) throw refusal("n", `At most ${mostAnswers} answers at once.`);
  const make = (prompt: Prompt) => requestOf(input, prompt, { model, engine });
  return {
    perPrompt,
    echoes: prompts.map((prompt) => (input.echo && "text" in prompt ? prompt.text : "")),
    requests: prompts.flatMap((prompt) => Array.from({ length: perPrompt }, (_, at) => seeded(make(prompt), at))),
  };
}

type Prompt = { text: string } | { tokens: number[] };

function requestOf(
  input: CompletionInput,
  prompt: Prompt,
  { model, engine }: Pick<AdmittedRequest, "model" | "engine">,
): UnheldText["requests"][number] {
  const text = "text" in prompt ? prompt.text : "";
  const { extras } = sorted(completionParameters, input, engine.takes);
  if (model.capabilities.completion_fim) {
    const request = fimRequest({ ...input, prompt: text }, model.upstreamModel);
    return { ...request, extras, ...("tokens" in prompt ? { tokens: prompt.tokens } : {}) };
  }
  const chat = chatRequest({ ...input, n: 1, messages: [{ role: "user", content: text }] }, model.upstreamModel);
  return { ...chat, extras };
}

/** Answers to the same prompt differ only if their seeds do. */
function seeded<R extends UnheldText["requests"][number]>(request: R, at: number): R {
  const { seed } = request.sampling;
  return { ...request, sampling: { ...request.sampling, seed: seed === undefined ? undefined : seed + at } };
}

const refusal = (field: string, message: string): AppError =>
  new AppError("invalid", message, { code: "unsupported_content", fields: { [field]: [message] } });

/** Each prompt once, however many answers it has. */
const promptsOf = ({ requests, perPrompt }: AskedText) => requests.filter((_, at) => at % perPrompt === 0);

async function answerWhole(held: HeldRequest, asked: AskedText): Promise<void> {
  const { request } = held;
  const completion = await askEngine(held, promptsOf(asked), (engine, cancel) => askAll(engine, asked, cancel));
  if (!completion) return;
  const { choices, usage } = completion;
  const body = JSON.stringify({
    id: request.wireId,
    object: "text_completion",
    created: request.created,
    model: request.requestedModel,
    choices: choices.map(({ index, message, finish_reason: finish }) =>
      textChoice(index, echoOf(asked, index) + (message.content ?? ""), finish),
    ),
    usage: usageOnWire(usage),
  });
  await settle(held, { tokens: usage, status: 200, outcome: "answered", reason: null });
  await keepContent(request, body);
  request.answer(200, body);
}

const echoOf = ({ echoes, perPrompt }: AskedText, index: number): string => echoes[Math.floor(index / perPrompt)] ?? "";

async function answerStream(held: HeldRequest, asked: AskedText): Promise<void> {
  const { request } = held;
  const stream = await askEngine(held, promptsOf(asked), (engine, cancel) => streamAll(engine, asked, cancel));
  if (!stream) return;
  request.startEvents();
  const frames = new TextFrames(request, (index) => echoOf(asked, index));
  const { tokens, failure } = await relay(held, stream, frames);
  if (failure) await request.write(streamErrorFrame(request, failure, usageOnWire(tokens)));
  else if (!request.cancellation.isCancelled) await request.write(frames.last(tokens));
  await keepContent(request, JSON.stringify(frames.said));
  request.outgoing.end();
}
