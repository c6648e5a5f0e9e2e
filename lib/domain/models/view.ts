import type { Id } from "#db/id.ts";
import type { Capabilities } from "#db/schema/models.ts";
import type { Price, TuningPrice } from "#lib/core/money.ts";
import type { TunedWeights } from "#lib/engine/port/port.ts";

/** What a tuned model has beside its base: weights of its own, or a name at the server that trained it. */
export type TunedFacts = {
  base: Model;
  /** The name that was asked for when it was tuned. */
  root: string;
  jobId: Id<"tuningJob">;
  ownerId: Id<"user">;
  isArchived: boolean;
  /** Why it does not answer now; null where it does. */
  refusal: string | null;
  /** Whether the server that trained it serves it under a name of its own. */
  isElsewhere: boolean;
  /** The upstreams that have it; null: any of its base is asked. */
  upstreams: readonly string[] | null;
  weights: TunedWeights | undefined;
};

/** The announced end of a model. */
export type ModelChange = {
  id: Id<"modelChange">;
  announcedAt: Date;
  /** For all customers, at the earliest; a customer's own notice may set a later date. */
  retiresAt: Date;
  /** When it had come for all customers. */
  retiredAt: Date | null;
  replacement: string;
  reason: string;
  /** What can be asked in its place: its replacement, then what replaces that. */
  successors: readonly Model[];
};

/** Another name of a model goes on to another one. */
export type AliasMove = {
  id: Id<"aliasMove">;
  alias: string;
  announcedAt: Date;
  /** For all customers, at the earliest; a customer's own notice may set a later date. */
  fromAt: Date;
  to: Model;
};

/** The end of a model, as one customer has it. */
export type ModelEnding = {
  announcedAt: Date;
  /** Null: no notice of it was given to them yet, and until then there is no date. */
  retiresAt: Date | null;
  /** What they can ask in its place. */
  replacement: string;
};

export type Model = {
  id: string;
  name: string;
  description: string;
  ownedBy: string;
  upstream: string;
  upstreamModel: string;
  capabilities: Capabilities;
  maxContextLength: number;
  defaultTemperature: number | null;
  createdAt: Date;
  /** False: no server has it at the moment. */
  available: boolean;
  /** Its announced end. */
  change: ModelChange | null;
  aliases: string[];
  /** Where its aliases go on to, in the order in which that was announced. */
  moves: AliasMove[];
  /** Set where a customer tuned it. */
  tuned?: TunedFacts;
  /** Null: the model has no price yet and is refused. */
  price: Price | null;
  /** Null: it cannot be tuned. */
  tuning: TuningPrice | null;
};

/** Where the catalogue does not follow the configuration: what staff decide, who write to customers, is not decided by a file. */
export type CatalogueNews = {
  /** Models without a server. */
  unserved: readonly string[];
  /** Models of which the configuration says another price than holds. */
  prices: readonly string[];
  /** Names that stand for another model already. */
  names: readonly string[];
};
