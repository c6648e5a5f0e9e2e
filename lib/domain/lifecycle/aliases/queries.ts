import { asc, desc, eq } from "drizzle-orm";
import { isId } from "#db/id.ts";
import { aliasMoves, modelAliases } from "#db/schema/models.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { priceFor } from "#lib/domain/contract/values/rules.ts";
import { loadCatalogue } from "#lib/domain/models/catalogue.ts";
import type { MovedAlias, MoveFacts } from "./view.ts";

/** Every other name, what it stands for by what was announced last, and what was announced. */
export async function aliasDesk(ctx: AccountContext): Promise<{ aliases: Map<string, string>; moves: MovedAlias[] }> {
  authorize(ctx.actor, "models.decide");
  const [first, moves] = await Promise.all([
    ctx.db.select().from(modelAliases).orderBy(asc(modelAliases.alias)),
    ctx.db.select().from(aliasMoves).orderBy(desc(aliasMoves.announcedAt), desc(aliasMoves.id)),
  ]);
  const aliases = new Map(first.map(({ alias, modelId }) => [alias, modelId]));
  for (const { alias, modelId } of moves.toReversed()) aliases.set(alias, modelId);
  return { aliases, moves };
}

/** What the notice of a move says to this customer: with what both models cost them. */
export async function moveFacts(ctx: OrganizationContext, id: string): Promise<MoveFacts> {
  authorize(ctx.actor, "organization.read");
  const [move] = isId("aliasMove", id) ? await ctx.db.select().from(aliasMoves).where(eq(aliasMoves.id, id)) : [];
  if (!move) throw new AppError("not_found", "There is no such announcement.");
  const [contract, { byName }] = await Promise.all([contractSources(ctx), loadCatalogue(ctx.db, ctx.now)]);
  const priceOf = (name: string) => {
    const model = byName.get(name);
    return model ? priceFor(contract, model, move.fromAt.getTime()) : null;
  };
  return { ...move, prices: { before: priceOf(move.before), after: priceOf(move.modelId) } };
}
