import type { Id } from "#db/id.ts";
import type { Price } from "#lib/core/money.ts";

export type MovedAlias = {
  id: Id<"aliasMove">;
  alias: string;
  modelId: string;
  before: string;
  announcedAt: Date;
  fromAt: Date;
  days: number;
};

/** What a notice of a move says to one customer. */
export type MoveFacts = MovedAlias & { prices: { before: Price | null; after: Price | null } };
