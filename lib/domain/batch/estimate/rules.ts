import type { BatchEndpoint } from "#db/schema/batch.ts";
import type { Price } from "#lib/core/money.ts";
import { halved } from "#lib/domain/batch/rules.ts";

/** As the reservation of a request has it: marks that a model's template puts around what was sent. */
const templateTokens = 64;

type Asked = { price: Price; maxContextLength: number };

const tokensOf = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? Math.ceil(value) : null;

/**
 * The most a request of a batch can cost: what is held for it. A token stands for one byte at least, and an answer is no
 * longer than `max_tokens`, or what the model can write.
 */
export function mostOf(endpoint: BatchEndpoint, body: Readonly<Record<string, unknown>>, asked: Asked): bigint {
  const { inputMicros, outputMicros } = halved(asked.price);
  const input = BigInt(Buffer.byteLength(JSON.stringify(body)) + templateTokens) * inputMicros;
  if (endpoint === "/v1/embeddings") return input;
  const longest = tokensOf(body.max_tokens) ?? tokensOf(body.max_completion_tokens) ?? asked.maxContextLength;
  const answers = Math.max(1, tokensOf(body.n) ?? 1);
  return input + BigInt(Math.min(longest, asked.maxContextLength) * answers) * outputMicros;
}
