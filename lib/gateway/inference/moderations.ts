import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { namedEndUser } from "#lib/domain/end-users/rules.ts";
import {
  type ChatModerationInput,
  chatModerationParameters,
  type ModerationInput,
  moderationParameters,
} from "#lib/engine/port/input.ts";
import type { Message } from "#lib/engine/port/port.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import { admit } from "./admission.ts";
import { askEngine } from "./ask-engine.ts";
import { keepContent } from "./keep-content.ts";
import { reserve } from "./reserve.ts";
import { settle } from "./settlement.ts";
import { tellIgnored } from "./tell-ignored.ts";
import { contentText, refuseOtherThanText, usageOnWire } from "./wire.ts";

/** Judges texts. */
export async function moderate(ctx: Context, input: ModerationInput, request: AuthenticatedRequest): Promise<void> {
  authorize(ctx.actor, "completions.create");
  request.sent = { parameters: moderationParameters, body: input };
  const given = typeof input.input === "string" ? [input.input] : input.input;
  await judge(
    request,
    input,
    given.map((one) => (typeof one === "string" ? one : one.text)),
  );
}

/** Judges conversations, each as one text. */
export async function moderateChat(
  ctx: Context,
  input: ChatModerationInput,
  request: AuthenticatedRequest,
): Promise<void> {
  authorize(ctx.actor, "completions.create");
  request.sent = { parameters: chatModerationParameters, body: input };
  const conversations = input.input.every((one) => Array.isArray(one)) ? input.input : [input.input as Message[]];
  for (const one of conversations) refuseOtherThanText(one, "Moderation");
  await judge(request, input, conversations.map(textOfAll));
}

const textOfAll = (messages: Message[]): string =>
  messages.map(({ role, content }) => `${role}: ${contentText(content)}`).join("\n");

type Asked = Pick<ModerationInput, "model" | "user" | "safety_identifier" | "metadata">;

async function judge(request: AuthenticatedRequest, asked: Asked, inputs: string[]): Promise<void> {
  const admitted = await admit(request, {
    model: asked.model ?? (await anyModerator(request)),
    capability: "moderation",
    endUser: namedEndUser(asked),
  });
  tellIgnored(admitted);
  const held = await reserve(admitted, { isInputOnly: true });
  const prompt = { model: held.model.upstreamModel, inputs, bounds: held.bounds };
  const found = await askEngine(held, inputs, async (engine, cancel) => {
    if (!engine.moderate) throw new AppError("unavailable", "This model cannot be asked at the moment.");
    return engine.moderate(prompt, cancel);
  });
  if (!found) return;
  const { promptTokens, estimated } = found;
  const tokens = { promptTokens, cachedTokens: 0, completionTokens: 0, ...(estimated && { estimated }) };
  const body = JSON.stringify({
    id: request.wireId,
    model: request.requestedModel,
    results: found.verdicts.map(({ categories, scores }) => ({
      flagged: Object.values(categories).includes(true),
      categories,
      category_scores: scores,
    })),
    usage: usageOnWire(tokens),
  });
  await settle(held, { tokens, status: 200, outcome: "answered", reason: null });
  await keepContent(request, body);
  request.answer(200, body);
}

async function anyModerator({ plane, key }: AuthenticatedRequest): Promise<string> {
  const models = await plane.authenticator.models(key);
  const found = models.find(
    ({ id, capabilities, price }) => capabilities.moderation && price && (!key.models || key.models.has(id)),
  );
  if (found) return found.id;
  throw new AppError("invalid", "No model here judges texts.", {
    code: "invalid_model",
    fields: { model: ["None."] },
  });
}
