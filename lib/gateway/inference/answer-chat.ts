import type { ChatInput } from "#lib/engine/port/input.ts";
import type { ChatRequest, CompletionRequest } from "#lib/engine/port/port.ts";
import type { Call } from "#lib/gateway/http/request.ts";
import { admitWork, type Work } from "./admission.ts";
import { answerStream } from "./answer-stream.ts";
import { answerWhole } from "./answer-whole.ts";
import { reserve } from "./reserve.ts";
import { chatRequest, checkOrder, otherThanText, refuseOtherThanText } from "./wire.ts";

/** Answers a conversation as the field's chat endpoint does, whole or as a stream. */
export async function answerChat(call: Call, input: ChatInput): Promise<void> {
  const { work, request } = await admitChat(call, input);
  await (work.streamed ? answerStream(call, work, request) : answerWhole(call, work, request));
}

/** Lets a conversation in: model, rates, order, and the money it may take; then what its engine is to be asked. */
export async function admitChat(call: Call, input: ChatInput): Promise<{ work: Work; request: ChatRequest }> {
  const work = await admitWork(call, {
    model: input.model,
    capability: "completion_chat",
    streamed: input.stream === true,
    endUser: input.user,
  });
  checkOrder(input.messages);
  const hasMedia = otherThanText(input.messages) !== undefined;
  if (!work.model.capabilities.vision) refuseOtherThanText(input.messages, input.model);
  const request = chatRequest(input, work.model.upstreamModel);
  const { maxTokens } = request.sampling;
  await reserve(call, work, { maxTokens, n: request.n, hasMedia });
  clamp(request, work);
  return { work, request };
}

/** The engine is asked for no more than what is held can pay. */
export function clamp(request: CompletionRequest, { clampedTokens }: Work): void {
  if (clampedTokens !== null) request.sampling.maxTokens = clampedTokens;
}
