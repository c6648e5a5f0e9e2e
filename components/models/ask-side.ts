import { askModel, type SecretOf } from "#components/fine-tuning/ask-model.ts";
import type { Price, Tokens } from "#lib/core/money.ts";
import type { TrialVerdict } from "#lib/domain/lifecycle/trials/input.ts";
import { answerTokensMost } from "#lib/domain/lifecycle/trials/rules.ts";

export type TrialModel = { id: string; name: string; price: Price };
export type TrialAnswer = { text: string; usage: Tokens; ms: number };
export type TrialRound = { prompt: string; current: TrialAnswer; replacement: TrialAnswer; verdict?: TrialVerdict };

const none: Tokens = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };

/** One model's answer to a prompt, whole, with what it took. */
export async function askSide(
  model: string,
  prompt: string,
  how: { secretOf: SecretOf; signal: AbortSignal },
): Promise<TrialAnswer> {
  const begun = performance.now();
  const answer: TrialAnswer = { text: "", usage: none, ms: 0 };
  const messages = [{ role: "user", content: prompt }];
  const body = JSON.stringify({ model, messages, temperature: 0, max_tokens: answerTokensMost, stream: true });
  await askModel(body, how, ({ text, usage }) => {
    answer.text += text;
    answer.usage = usage ?? answer.usage;
  });
  return { ...answer, ms: Math.round(performance.now() - begun) };
}
