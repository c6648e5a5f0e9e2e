import { asc, sql } from "drizzle-orm";
import { prices } from "#db/schema/models.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { micros } from "#lib/core/money.ts";
import { endingOf, modelsFor, namedFor } from "#lib/domain/contract/models/rules.ts";
import { loadCatalogue } from "#lib/domain/models/catalogue.ts";
import { entitlements, type Plan } from "#lib/domain/organizations/plan/rules.ts";
import { type ContractFacts, type ContractFactsRow, contractFacts, plainValue, planOf, priceFor } from "./rules.ts";
import type { ContractModel, NamedModel } from "./view.ts";

async function factsOf(ctx: OrganizationContext): Promise<ContractFacts> {
  const [row] = await ctx.db.execute<{ facts: string }>(
    sql`select contract_facts(${ctx.organizationId})::text as facts`,
  );
  const facts = JSON.parse(row?.facts ?? "null") as ContractFactsRow | null;
  if (!facts?.rates.plan) throw new AppError("not_found", "This organization is gone.");
  return contractFacts(facts);
}

/** What the organization's contractual values follow from: the same facts the gate reads with a key. */
export async function contractSources(ctx: OrganizationContext): Promise<ContractFacts> {
  authorize(ctx.actor, "organization.read");
  return factsOf(ctx);
}

/** What the contract says of sharing agents and tuned models, also for keys, which see no more of it. */
export async function sharingTerms(
  ctx: OrganizationContext,
  read: Permission,
): Promise<{ plan: Plan; hasSharing: boolean }> {
  authorize(ctx.actor, read);
  const facts = await factsOf(ctx);
  return { plan: planOf(facts, ctx.now), hasSharing: plainValue(facts, "agents.sharing", ctx.now) };
}

/** What the contract says of files, also for keys. */
export async function fileTerms(ctx: OrganizationContext): Promise<{ filesMax: number | null; bytesMax: number }> {
  authorize(ctx.actor, "files.read");
  const facts = await factsOf(ctx);
  const bytesMax = plainValue(facts, "files.gibibytes", ctx.now) * 1024 ** 3;
  return { filesMax: entitlements[planOf(facts, ctx.now)].filesMax, bytesMax };
}

/** The same with the list prices, in all their versions. */
export async function contractWithPrices(ctx: OrganizationContext): Promise<ContractFacts> {
  authorize(ctx.actor, "organization.read");
  const [facts, rows] = await Promise.all([
    factsOf(ctx),
    ctx.db.select().from(prices).orderBy(asc(prices.modelId), asc(prices.validFrom)),
  ]);
  const listed = rows.map(({ modelId, validFrom, inputMicros, cachedInputMicros, outputMicros }) => ({
    modelId,
    validFrom: validFrom.getTime(),
    inputMicros: micros(inputMicros),
    cachedInputMicros: micros(cachedInputMicros),
    outputMicros: micros(outputMicros),
  }));
  return { ...facts, prices: listed };
}

/** The plan that holds now: by order while one is in force. */
export async function currentPlan(ctx: OrganizationContext): Promise<Plan> {
  authorize(ctx.actor, "organization.read");
  return planOf(await factsOf(ctx), ctx.now);
}

/** The models this customer can have, with what they cost this organization now and on the list, and when they end. */
export async function contractModels(ctx: OrganizationContext): Promise<ContractModel[]> {
  authorize(ctx.actor, "models.read");
  const [facts, { models }] = await Promise.all([factsOf(ctx), loadCatalogue(ctx.db, ctx.now)]);
  return modelsFor(models, facts, ctx.now).map((model) => ({
    ...model,
    listPrice: model.price,
    price: priceFor(facts, model, ctx.now.getTime()),
    ending: endingOf(model, facts, ctx.now),
  }));
}

/** The model that a name stands for here, if any, and what the contract says of it: whether it can be had is still to be asked. */
export async function modelNamed(ctx: OrganizationContext, read: Permission, name: string): Promise<NamedModel | null> {
  authorize(ctx.actor, read);
  const [contract, { byName }] = await Promise.all([factsOf(ctx), loadCatalogue(ctx.db, ctx.now)]);
  const found = byName.get(name);
  return found ? { model: namedFor(found, name, contract, ctx.now), contract } : null;
}
