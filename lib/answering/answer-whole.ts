import type { Call } from "#lib/call.ts";
import { textOf, usageOnWire } from "#lib/completions/rules.ts";
import type { Completion, CompletionRequest } from "#lib/engine/port.ts";
import { settle } from "./event.ts";
import { keepContent } from "./keep-content.ts";
import type { Work } from "./work.ts";

/** Answers in one piece: nothing is sent before the event is committed. */
export async function answerWhole(call: Call, work: Work, request: CompletionRequest): Promise<void> {
  const completion = await ask(call, work, request);
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

/** The completion, or undefined when the client hung up: then what it had asked is billed, and no answer. */
async function ask(call: Call, work: Work, request: CompletionRequest): Promise<Completion | undefined> {
  try {
    return await work.engine.complete(request, call.signal);
  } catch (error) {
    if (!call.signal.aborted) throw error;
    const tokens = { promptTokens: work.engine.countTokens(textOf(request)), cachedTokens: 0, completionTokens: 0 };
    await settle(call, work, { tokens, status: 499, outcome: "aborted", reason: "client_closed_request" });
    return undefined;
  }
}
