import type { Model } from "#lib/domain/models/view.ts";

/** A model with what it costs this organization; the list price is what it costs others. */
export type ContractModel = Model & { listPrice: Model["price"] };
