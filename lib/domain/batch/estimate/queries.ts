import type { Id } from "#db/id.ts";
import type { BatchEndpoint } from "#db/schema/batch.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { type FoundLine, isBlank, LineCutter, readLine } from "#lib/domain/batch/reading/rules.ts";
import { contractModels } from "#lib/domain/contract/values/queries.ts";
import type { ContractModel } from "#lib/domain/contract/values/view.ts";
import { contentOf, fileOf } from "#lib/domain/files/queries.ts";
import { mostOf } from "./rules.ts";

/** Of a longer file the rest is taken to be as its beginning. */
const readMost = 8 * 1024 * 1024;

export type BatchEstimate = {
  lines: number;
  /** Lines, of those that were read, that are no request, and that name a model there is not. */
  wrong: number;
  unknownModel: number;
  /** The most the batch can cost. */
  mostPico: bigint;
  isScaled: boolean;
};

type Asked = { file: Id<"file">; endpoint: BatchEndpoint; model: string | null };

/** What a batch of a file would be, before there is one. */
export async function batchEstimate(ctx: Context, { file: id, endpoint, model }: Asked): Promise<BatchEstimate> {
  authorize(ctx.actor, "batch.write");
  const file = await fileOf(ctx, id);
  const models = new Map(
    (await contractModels(ctx)).flatMap((one) => [one.id, ...one.aliases].map((name) => [name, one] as const)),
  );
  const sums = new Sums({ endpoint, model, models });
  const last = Math.min(file.bytes, readMost) - 1;
  const cutter = new LineCutter(0);
  for await (const piece of await contentOf(ctx, file, { first: 0, last }))
    for (const line of cutter.cut(piece)) sums.see(line);
  const isScaled = file.bytes > readMost;
  if (!isScaled) for (const line of cutter.rest()) sums.see(line);
  return sums.estimate(file.lines ?? 0, isScaled);
}

class Sums {
  readonly #asked: { endpoint: BatchEndpoint; model: string | null; models: ReadonlyMap<string, ContractModel> };
  #read = 0;
  #wrong = 0;
  #unknown = 0;
  #most = 0n;

  constructor(asked: { endpoint: BatchEndpoint; model: string | null; models: ReadonlyMap<string, ContractModel> }) {
    this.#asked = asked;
  }

  see(line: FoundLine): void {
    if (isBlank(line)) return;
    const { endpoint, model, models } = this.#asked;
    const { body } = readLine(line, { endpoint, model, agentId: null });
    this.#read += 1;
    if (!body) {
      this.#wrong += 1;
      return;
    }
    const [prefix, base = ""] = String(body.model).split(":");
    // A tuned model's answers cost what its base's do.
    const named = models.get(prefix === "ft" ? base : String(body.model));
    if (named?.price) {
      const { price, maxContextLength } = named;
      this.#most += mostOf(endpoint, body, { price, maxContextLength });
    } else this.#unknown += 1;
  }

  estimate(lines: number, isScaled: boolean): BatchEstimate {
    const read = BigInt(Math.max(1, this.#read));
    const mostPico = isScaled ? (this.#most * BigInt(lines) + read - 1n) / read : this.#most;
    const total = isScaled ? lines : this.#read;
    return { lines: total, wrong: this.#wrong, unknownModel: this.#unknown, mostPico, isScaled };
  }
}
