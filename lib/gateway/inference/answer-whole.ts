import type { Completion, CompletionRequest } from "#lib/engine/port/port.ts";
import type { Call } from "#lib/gateway/http/request.ts";
import type { Work } from "./admission.ts";
import { settleHangUp } from "./client-abort.ts";
import { keepContent } from "./keep-content.ts";
import { settle } from "./settlement.ts";
import { textOf, usageOnWire } from "./wire.ts";

/** Answers in one piece: nothing is sent before the event is committed. */
export async function answerWhole(call: Call, work: Work, request: CompletionRequest): Promise<void> {
  let completion: Completion;
  try {
    completion = await work.engine.complete(request, call.cancellation);
  } catch (error) {
    return settleHangUp(call, work, textOf(request), error);
  }
  const { choices, usage } = completion;
  const body = JSON.stringify({
    id: call.wireId,
    object: "chat.completion",
    created: call.created,
    model: call.requestedModel,
    choices,
    usage: usageOnWire(usage),
  });
  await settle(call, work, { tokens: usage, status: 200, outcome: "answered", reason: null });
  await keepContent(call, body);
  call.answer(200, body);
}
