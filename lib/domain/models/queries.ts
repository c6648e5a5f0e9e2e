import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { loadCatalogue } from "./catalogue.ts";
import type { Model } from "./view.ts";

/** The models a customer can see, with the prices in force. */
export async function modelsOf(ctx: AccountContext): Promise<Model[]> {
  authorize(ctx.actor, "models.read");
  return (await loadCatalogue(ctx.db, ctx.now)).models;
}
