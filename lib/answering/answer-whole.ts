import type { Call } from "#lib/call.ts";
import { usageOnWire } from "#lib/completions/rules.ts";
import type { CompletionRequest } from "#lib/engine/port.ts";
import { settle } from "./event.ts";
import { keepContent } from "./keep-content.ts";
import { unlessHungUp } from "./unless-hung-up.ts";
import type { Work } from "./work.ts";

/** Answers in one piece: nothing is sent before the event is committed. */
export async function answerWhole(call: Call, work: Work, request: CompletionRequest): Promise<void> {
  const completion = await unlessHungUp(call, work, request, work.engine.complete(request, call.signal));
  if (!completion) return;
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
