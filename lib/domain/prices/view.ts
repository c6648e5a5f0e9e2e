import type { Price } from "#lib/core/money.ts";

export type PriceVersion = { modelId: string; modelName: string; price: Price; validFrom: Date; isInForce: boolean };
