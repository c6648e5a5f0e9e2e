import { and, desc, eq, gte, lte, ne, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { models, prices } from "#db/schema/models.ts";
import { organizations } from "#db/schema/organizations.ts";
import { storageDays, tunedModels } from "#db/schema/tuned-models.ts";
import { usageEvents } from "#db/schema/usage.ts";
import type { UsageRow } from "#db/usage-rows.ts";
import { monthOf } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, transaction } from "#lib/core/context.ts";
import { logError } from "#lib/core/log.ts";
import { post } from "#lib/core/mail/post.ts";
import { billingReaders } from "#lib/domain/billing/accounts/readers/queries.ts";
import { storageWaivedLetter } from "#lib/domain/fine-tuning/letters.ts";
import { feeRow } from "#lib/domain/fine-tuning/money/rules.ts";
import { planColumn } from "#lib/domain/organizations/plan/queries.ts";
import { dayFee, dueDays, endOfDay } from "./rules.ts";

type Model = typeof tunedModels.$inferSelect;

/** Bills each tuned model for the days that are over, each day once; says how many days. */
export const accrueStorage = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    let days = 0;
    for (const { organizationId, id } of await ctx.db
      .select({ organizationId: tunedModels.organizationId, id: tunedModels.id })
      .from(tunedModels)
      .orderBy(tunedModels.organizationId, tunedModels.id)) {
      // One model's trouble must not keep the days of all others.
      days += await transaction(ctx, (ctx) => accrue(ctx, organizationId, id)).catch((error: unknown) => {
        logError("fine-tuning.accrue-storage", error, { organization: organizationId, model: id });
        return 0;
      });
    }
    return days;
  },
});

/** The model stays locked, so that two processes do not count a day twice, and none that is being deleted. */
async function accrue(ctx: AccountContext, organizationId: Id<"organization">, id: string): Promise<number> {
  const its = and(eq(tunedModels.organizationId, organizationId), eq(tunedModels.id, id));
  const [model] = await ctx.db.select().from(tunedModels).where(its).for("update");
  if (!model) return 0;
  const [last] = await ctx.db
    .select({ day: storageDays.day })
    .from(storageDays)
    .where(and(eq(storageDays.organizationId, organizationId), eq(storageDays.modelId, id)))
    .orderBy(desc(storageDays.day))
    .limit(1);
  const due = dueDays(model.createdAt, last?.day ?? null, ctx.now);
  for (const day of due) await billDay(ctx, model, day);
  return due.length;
}

async function billDay(ctx: AccountContext, model: Model, day: string): Promise<void> {
  const at = endOfDay(day);
  const fee = dayFee(day, await monthPrice(ctx, model, at));
  const { organizationId, id: modelId, workspaceId } = model;
  const eventId = fee === 0n ? null : newId("request", at);
  const { cost, waived } = eventId ? await meter(ctx, eventOf(model, eventId, at, fee)) : { cost: 0n, waived: 0n };
  if (waived > 0n) await tellWaived(ctx, model, day);
  await ctx.db
    .insert(storageDays)
    .values({ organizationId, modelId, day, workspaceId, costPico: cost, waivedPico: waived, eventId });
}

/** What keeping a model for a month cost at an instant; the free plan pays nothing. */
async function monthPrice(ctx: AccountContext, { organizationId, model }: Model, at: Date): Promise<bigint> {
  const [place] = await ctx.db
    .select({ plan: planColumn(at) })
    .from(organizations)
    .where(eq(organizations.id, organizationId));
  if (place?.plan !== "paid" && place?.plan !== "order") return 0n;
  const [price] = await ctx.db
    .select({ storageMonthPico: prices.storageMonthPico })
    .from(prices)
    .innerJoin(models, eq(models.id, prices.modelId))
    .where(and(eq(prices.modelId, model), lte(prices.validFrom, at)))
    .orderBy(desc(prices.validFrom))
    .limit(1);
  return price?.storageMonthPico ?? 0n;
}

const eventOf = (model: Model, id: Id<"request">, at: Date, fee: bigint): UsageRow => ({
  ...feeRow(model),
  id,
  at: at.toISOString(),
  key_id: null,
  user_id: model.ownerId,
  requested_model: model.root,
  kind: "model_storage",
  job_id: null,
  quantity: 1,
  fee_pico: String(fee),
  cost_pico: String(fee),
  waived_pico: "0",
  held_pico: "0",
});

/** Billed as far as every limit goes; what they leave no room for is never billed later. */
async function meter(ctx: AccountContext, row: UsageRow): Promise<{ cost: bigint; waived: bigint }> {
  await ctx.db.execute(sql`select ensure_usage_partition(${row.at}::timestamptz)`);
  await ctx.db.execute(sql`select meter_unheld(${JSON.stringify(row)})`);
  const [event] = await ctx.db
    .select({ cost: usageEvents.costPico, waived: usageEvents.waivedPico })
    .from(usageEvents)
    .where(
      and(
        eq(usageEvents.organizationId, row.organization_id),
        eq(usageEvents.workspaceId, row.workspace_id),
        eq(usageEvents.id, row.id),
        eq(usageEvents.at, new Date(row.at)),
      ),
    );
  if (!event) throw new Error("What was metered is there.");
  return event;
}

/** Once a month: nothing is deleted for money, and no one has to hear of each day. */
async function tellWaived(ctx: AccountContext, model: Model, day: string): Promise<void> {
  const { organizationId } = model;
  const before = and(
    eq(storageDays.organizationId, organizationId),
    gte(storageDays.day, monthOf(endOfDay(day))),
    lte(storageDays.day, day),
    ne(storageDays.waivedPico, 0n),
  );
  if ((await ctx.db.$count(storageDays, before)) > 0) return;
  const its = inOrganization(ctx, organizationId);
  for (const to of await billingReaders(its)) await post(its, storageWaivedLetter(to, model, day));
}
