import type { Id } from "#db/id.ts";
import type { Model } from "#lib/domain/models/view.ts";

/** How people judged the answers of a replacement, and what they took. */
export type Trial = {
  id: Id<"modelTrial">;
  at: Date;
  byName: string | null;
  better: number;
  same: number;
  worse: number;
  costPico: bigint;
  replacementCostPico: bigint;
  ms: number;
  replacementMs: number;
};

/** A model that ends beside its replacement, as far as both can be asked here, and trials from before. */
export type TrialPage = { modelId: string; current: Model | null; replacement: Model | null; trials: Trial[] };
