import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import type { ChatInput, EmbeddingInput, FimInput } from "#lib/engine/port/input.ts";
import type { Embeddings } from "#lib/engine/port/port.ts";
import type { Call } from "#lib/gateway/http/request.ts";
import { admitWork } from "./admission.ts";
import { answerChat, clamp } from "./answer-chat.ts";
import { answerStream } from "./answer-stream.ts";
import { answerWhole } from "./answer-whole.ts";
import { settleHangUp } from "./client-abort.ts";
import { keepContent } from "./keep-content.ts";
import { reserve } from "./reserve.ts";
import { settle } from "./settlement.ts";
import { fimRequest, usageOnWire } from "./wire.ts";

/** Answers a conversation, whole or as a stream. */
export async function completeChat(ctx: Context, input: ChatInput, call: Call): Promise<void> {
  authorize(ctx.actor, "completions.create");
  await answerChat(call, input);
}

/** Fills in what stands between a prompt and a suffix. */
export async function completeFim(ctx: Context, input: FimInput, call: Call): Promise<void> {
  authorize(ctx.actor, "completions.create");
  const streamed = input.stream === true;
  const work = await admitWork(call, {
    model: input.model,
    capability: "completion_fim",
    streamed,
    endUser: input.user,
  });
  const request = fimRequest(input, work.model.upstreamModel);
  await reserve(call, work, { maxTokens: request.sampling.maxTokens });
  clamp(request, work);
  await (streamed ? answerStream(call, work, request) : answerWhole(call, work, request));
}

/** Turns texts into vectors. */
export async function embed(ctx: Context, input: EmbeddingInput, call: Call): Promise<void> {
  authorize(ctx.actor, "embeddings.create");
  const work = await admitWork(call, { model: input.model, capability: "embeddings", endUser: input.user });
  const texts = [input.input ?? input.inputs ?? []].flat();
  const dimensions = input.output_dimension ?? input.dimensions ?? undefined;
  await reserve(call, work, { isInputOnly: true });
  let embeddings: Embeddings;
  try {
    const request = { model: work.model.upstreamModel, inputs: texts, dimensions };
    embeddings = await work.engine.embed(request, call.cancellation);
  } catch (error) {
    return settleHangUp(call, work, texts.join("\n"), error);
  }
  const { vectors, promptTokens } = embeddings;
  const tokens = { promptTokens, cachedTokens: 0, completionTokens: 0 };
  const data = vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding: input.encoding_format === "base64" ? base64(vector) : vector,
  }));
  const body = JSON.stringify({
    id: call.wireId,
    object: "list",
    model: call.requestedModel,
    data,
    usage: usageOnWire(tokens),
  });
  await settle(call, work, { tokens, status: 200, outcome: "answered", reason: null });
  await keepContent(call, "null");
  call.answer(200, body);
}

/** Little-endian 32-bit floats, which is what the openai client asks for and decodes. */
const base64 = (vector: number[]): string => Buffer.from(new Float32Array(vector).buffer).toString("base64");
