import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import type { ChatInput, EmbeddingInput, FimInput } from "#lib/engine/port/input.ts";
import type { Embeddings } from "#lib/engine/port/port.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import { admit } from "./admission.ts";
import { answerChat, clamp } from "./answer-chat.ts";
import { answerStream } from "./answer-stream.ts";
import { answerWhole } from "./answer-whole.ts";
import { settleAbort } from "./client-abort.ts";
import { keepContent } from "./keep-content.ts";
import { reserve } from "./reserve.ts";
import { settle } from "./settlement.ts";
import { fimRequest, usageOnWire } from "./wire.ts";

/** Answers a conversation, whole or as a stream. */
export async function completeChat(ctx: Context, input: ChatInput, request: AuthenticatedRequest): Promise<void> {
  authorize(ctx.actor, "completions.create");
  await answerChat(request, input);
}

/** Fills in what stands between a prompt and a suffix. */
export async function completeFim(ctx: Context, input: FimInput, request: AuthenticatedRequest): Promise<void> {
  authorize(ctx.actor, "completions.create");
  const streamed = input.stream === true;
  const asked = { model: input.model, capability: "completion_fim", streamed, endUser: input.user } as const;
  const admitted = await admit(request, asked);
  const prompt = fimRequest(input, admitted.model.upstreamModel);
  const held = await reserve(admitted, { maxTokens: prompt.sampling.maxTokens });
  clamp(prompt, held);
  await (streamed ? answerStream(held, prompt) : answerWhole(held, prompt));
}

/** Turns texts into vectors. */
export async function embed(ctx: Context, input: EmbeddingInput, request: AuthenticatedRequest): Promise<void> {
  authorize(ctx.actor, "embeddings.create");
  const admitted = await admit(request, { model: input.model, capability: "embeddings", endUser: input.user });
  const texts = [input.input ?? input.inputs ?? []].flat();
  const dimensions = input.output_dimension ?? input.dimensions ?? undefined;
  const held = await reserve(admitted, { isInputOnly: true });
  let embeddings: Embeddings;
  try {
    const prompt = { model: held.model.upstreamModel, inputs: texts, dimensions };
    embeddings = await held.engine.embed(prompt, request.cancellation);
  } catch (error) {
    return settleAbort(held, texts.join("\n"), error);
  }
  const { vectors, promptTokens } = embeddings;
  const tokens = { promptTokens, cachedTokens: 0, completionTokens: 0 };
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
  request.answer(200, body);
}

/** Little-endian 32-bit floats, which is what the openai client asks for and decodes. */
const base64 = (vector: number[]): string => Buffer.from(new Float32Array(vector).buffer).toString("base64");
