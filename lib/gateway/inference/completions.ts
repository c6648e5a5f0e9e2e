import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { namedEndUser } from "#lib/domain/end-users/rules.ts";
import {
  type ChatInput,
  chatParameters,
  type EmbeddingInput,
  embeddingParameters,
  type FimInput,
  fimParameters,
} from "#lib/engine/port/input.ts";
import { sorted } from "#lib/engine/port/parameters.ts";
import type { FimRequest } from "#lib/engine/port/port.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import { admit } from "./admission.ts";
import { answerChat, bounded } from "./answer-chat.ts";
import { answerStream } from "./answer-stream.ts";
import { answerWhole } from "./answer-whole.ts";
import { askEngine } from "./ask-engine.ts";
import { givenTexts } from "./given-texts.ts";
import { keepContent } from "./keep-content.ts";
import { reserve } from "./reserve.ts";
import { settle } from "./settlement.ts";
import { tellEndingOf } from "./tell-ending.ts";
import { tellIgnored } from "./tell-ignored.ts";
import { fimRequest, usageOnWire } from "./wire.ts";

/** Answers a conversation, whole or as a stream. */
export async function completeChat(ctx: Context, input: ChatInput, request: AuthenticatedRequest): Promise<void> {
  authorize(ctx.actor, "completions.create");
  request.sent = { parameters: chatParameters, body: input };
  await answerChat(request, input);
}

/** Fills in what stands between a prompt and a suffix. */
export async function completeFim(ctx: Context, input: FimInput, request: AuthenticatedRequest): Promise<void> {
  authorize(ctx.actor, "completions.create");
  request.sent = { parameters: fimParameters, body: input };
  const streamed = input.stream === true;
  const endUser = namedEndUser(input);
  const admitted = await admit(request, { model: input.model, capability: "completion_fim", streamed, endUser });
  const unheld = fimRequest(input, admitted.model.upstreamModel, admitted.engine.takes);
  tellIgnored(admitted);
  const held = await reserve(admitted, { maxTokens: unheld.sampling.maxTokens });
  const prompt = bounded<FimRequest>(unheld, held);
  await (streamed ? answerStream(held, prompt) : answerWhole(held, prompt));
}

/** Turns texts into vectors. */
export async function embed(ctx: Context, input: EmbeddingInput, request: AuthenticatedRequest): Promise<void> {
  authorize(ctx.actor, "embeddings.create");
  request.sent = { parameters: embeddingParameters, body: input };
  const endUser = namedEndUser(input);
  const admitted = await admit(request, { model: input.model, capability: "embeddings", endUser });
  const { texts, tokens: lists } = givenTexts(input.input ?? input.inputs ?? "");
  if (lists && !admitted.engine.takesTokens) throw noTokens(input.model);
  const { extras } = sorted(embeddingParameters, input, admitted.engine.takes);
  tellIgnored(admitted);
  const dimensions = input.output_dimension ?? input.dimensions ?? undefined;
  const held = await reserve(admitted, { isInputOnly: true });
  const { upstreamModel: model } = held.model;
  const prompt = { model, inputs: texts, tokens: lists, dimensions, extras, bounds: held.bounds };
  const embeddings = await askEngine(held, lists ?? texts, (engine, cancel) => engine.embed(prompt, cancel));
  if (!embeddings) return;
  const { vectors, promptTokens, estimated } = embeddings;
  const tokens = { promptTokens, cachedTokens: 0, completionTokens: 0, estimated };
  const data = vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding: input.encoding_format === "base64" ? base64(vector) : vector,
  }));
  const body = JSON.stringify({
    id: request.wireId,
    object: "list",
    model: request.requestedModel,
    data,
    usage: usageOnWire(tokens),
  });
  await settle(held, { tokens, status: 200, outcome: "answered", reason: null });
  await keepContent(request, "null");
  tellEndingOf(held.model, request);
  request.answer(200, body);
}

const noTokens = (model: string): AppError =>
  new AppError("invalid", `${model} embeds texts, not lists of tokens. Send the texts themselves.`, {
    code: "unsupported_content",
    fields: { input: ["Lists of tokens."] },
  });

/** Little-endian 32-bit floats, which is what the openai client asks for and decodes. */
const base64 = (vector: number[]): string => Buffer.from(new Float32Array(vector).buffer).toString("base64");
