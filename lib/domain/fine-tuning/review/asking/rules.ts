import { cents, type Pico, type Price, pico, picoOfCents } from "#lib/core/money.ts";
import type { AskedPrompt } from "#lib/engine/training/port.ts";

/** Tokens that an answer may have: as many as the wanted one has letters, within reason. */
export const answerMost = ({ wanted }: Pick<AskedPrompt, "wanted">): number => Math.min(1024, 64 + wanted.length);

const bytesOf = new TextEncoder();
/** A token has at least a byte, and a message some of its own beside its text. */
const messageTokens = 16;

/** What asking both can cost, at most, in whole cents: no text has more tokens than bytes. */
export function mostOf(prompts: readonly AskedPrompt[], { inputMicros, outputMicros }: Price): Pico {
  let sum = 0n;
  for (const { messages, wanted } of prompts) {
    const bytes = messages.reduce((all, { content }) => all + bytesOf.encode(content).length + messageTokens, 0);
    sum += BigInt(bytes) * inputMicros + BigInt(answerMost({ wanted })) * outputMicros;
  }
  const cent = picoOfCents(cents(1n));
  return pico(((2n * sum + cent - 1n) / cent) * cent);
}
