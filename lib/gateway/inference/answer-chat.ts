import { namedEndUser } from "#lib/domain/end-users/rules.ts";
import type { Model } from "#lib/domain/models/view.ts";
import type { ChatInput } from "#lib/engine/port/input.ts";
import type { ChatRequest, CompletionRequest, Tuned } from "#lib/engine/port/port.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import { admit } from "./admission.ts";
import { answerStream } from "./answer-stream.ts";
import { answerWhole } from "./answer-whole.ts";
import { type HeldRequest, reserve } from "./reserve.ts";
import { tellIgnored } from "./tell-ignored.ts";
import { chatRequest, checkOrder, otherThanText, refuseOtherThanText, type Unheld } from "./wire.ts";

/** Answers a conversation as the field's chat endpoint does, whole or as a stream. */
export async function answerChat(request: AuthenticatedRequest, input: ChatInput): Promise<void> {
  const { held, prompt } = await holdChat(request, input);
  await (request.streamed ? answerStream(held, prompt) : answerWhole(held, prompt));
}

/** Lets a conversation in: model, rates, order, and the money it may take; then what its engine is to be asked. */
export async function holdChat(
  request: AuthenticatedRequest,
  input: ChatInput,
): Promise<{ held: HeldRequest; prompt: ChatRequest }> {
  const admitted = await admit(request, {
    model: input.model,
    capability: "completion_chat",
    streamed: input.stream === true,
    endUser: namedEndUser(input),
    hasStreamOptions: input.stream_options != null,
    agentOwner: request.agentOwner,
  });
  checkOrder(input.messages);
  const hasMedia = otherThanText(input.messages) !== undefined;
  if (!admitted.model.capabilities.vision) refuseOtherThanText(input.messages, input.model);
  const prompt = chatRequest(input, admitted.model.upstreamModel, admitted.engine.takes);
  tellIgnored(admitted);
  const { maxTokens } = prompt.sampling;
  const held = await reserve(admitted, { maxTokens, n: prompt.n, hasMedia });
  return { held, prompt: bounded(prompt, held) };
}

/** What a tuned model is asked by beside its base's name. */
function tunedPart({ tuned, upstreamModel }: Model): Tuned {
  if (!tuned) return {};
  return { tuned: tuned.weights, upstreamName: tuned.isElsewhere ? upstreamModel : undefined };
}

/** The engine is asked for no more than what is reserved can pay, and is not believed beyond. */
export function bounded<R extends CompletionRequest>(
  prompt: Unheld<R>,
  { model, clampedTokens, bounds }: HeldRequest,
): R {
  const { sampling } = prompt;
  const maxTokens = clampedTokens ?? sampling.maxTokens;
  return { ...prompt, ...tunedPart(model), bounds, sampling: { ...sampling, maxTokens } } as R;
}
