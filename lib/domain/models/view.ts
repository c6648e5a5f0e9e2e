import type { Capabilities } from "#db/schema/models.ts";
import type { Price, TuningPrice } from "#lib/core/money.ts";

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
  deprecatedAt: Date | null;
  retiresAt: Date | null;
  replacement: string | null;
  aliases: string[];
  /** Null: the model has no price yet and is refused. */
  price: Price | null;
  /** Null: it cannot be tuned. */
  tuning: TuningPrice | null;
};
