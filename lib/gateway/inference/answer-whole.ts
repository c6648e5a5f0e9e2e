import type { CompletionRequest } from "#lib/engine/port/port.ts";
import { askEngine } from "./ask-engine.ts";
import { keepContent } from "./keep-content.ts";
import { asAsked } from "./older-calls.ts";
import type { HeldRequest } from "./reserve.ts";
import { settle } from "./settlement.ts";
import { tellEndingOf } from "./tell-ending.ts";
import { choiceOnWire, usageOnWire } from "./wire.ts";

/** Answers in one piece: nothing is sent before the event is committed. */
export async function answerWhole(held: HeldRequest, prompt: CompletionRequest): Promise<void> {
  const { request } = held;
  const completion = await askEngine(held, prompt, (engine, cancel) => engine.complete(prompt, cancel));
  if (!completion) return;
  const { choices, usage } = completion;
  const body = JSON.stringify({
    id: request.wireId,
    object: "chat.completion",
    created: request.created,
    model: request.requestedModel,
    choices: choices.map((choice) => asAsked(choiceOnWire(choice, held.dialect), request)),
    usage: usageOnWire(usage),
  });
  await settle(held, { tokens: usage, status: 200, outcome: "answered", reason: null });
  await keepContent(request, body);
  tellEndingOf(held.model, request);
  request.answer(200, body);
}
