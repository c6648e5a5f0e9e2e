import { and, desc, eq, inArray, lte } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { aliasMoves, modelChanges, models, prices } from "#db/schema/models.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { meetDeadline, openDeadline } from "#lib/domain/deadlines/commands.ts";
import { lockEnds } from "#lib/domain/lifecycle/commands.ts";
import { answersAsWell, moveDays } from "#lib/domain/lifecycle/rules.ts";
import { announce } from "#lib/domain/notices/legal/commands.ts";
import type { GivenNotice } from "#lib/domain/notices/legal/view.ts";
import { type ModelPrice, modelPriceOf } from "#lib/domain/prices/rules.ts";
import { moveAliasInput } from "./input.ts";
import { aliasDesk, moveFacts } from "./queries.ts";

/** T-4.2.1-DISC4: has a name go on to another model, from a date on that every customer is told of before. */
export const moveAlias = command({
  can: "models.decide",
  within: "account",
  input: moveAliasInput,
  run: async (ctx, { alias, to, from: fromAt }): Promise<Id<"aliasMove">> =>
    transaction(ctx, async (ctx) => {
      await lockEnds(ctx);
      const before = await targetNow(ctx, alias);
      const days = moveDays(await priceNow(ctx, "alias", before), await targetPrice(ctx, before, to));
      refuseEarly(ctx, days, fromAt);
      const id = newId("aliasMove", ctx.now);
      await ctx.db
        .insert(aliasMoves)
        .values({ id, alias, modelId: to, before, announcedAt: ctx.now, fromAt, days, by: ctx.actor.id });
      await announce(ctx, { about: "alias", aboutId: id, clause: "T-4.2.1-DISC4", plannedAt: fromAt });
      await writeAudit(ofProvider(ctx), {
        action: "alias.move",
        object: { type: "alias_move", id },
        before: { alias, model: before },
        after: { model: to, fromAt, days },
        clause: "T-4.2.1-DISC4",
      });
      return id;
    }),
});

const wrong = (field: string, message: string): AppError =>
  new AppError("conflict", message, { code: "move_refused", fields: { [field]: [message] } });

/** What the name stands for. One move follows the other, so that no customer has two before them. */
async function targetNow(ctx: AccountContext, alias: string): Promise<string> {
  const { aliases, moves } = await aliasDesk(ctx);
  const before = aliases.get(alias);
  if (!before) throw wrong("alias", `${alias} is no other name of a model. UPSTREAMS adds names.`);
  const open = moves.find((move) => move.alias === alias && move.fromAt > ctx.now);
  if (open) throw wrong("alias", `${alias} moves to ${open.modelId} on ${open.fromAt.toISOString()} already.`);
  return before;
}

async function targetPrice(ctx: AccountContext, before: string, to: string): Promise<ModelPrice> {
  if (to === before) throw wrong("to", `It stands for ${to} already.`);
  const found = await ctx.db
    .select({ id: models.id, available: models.available, can: models.capabilities })
    .from(models)
    .where(inArray(models.id, [to, before]));
  const [target, old] = [to, before].map((id) => found.find((model) => model.id === id));
  if (!target?.available) throw wrong("to", "Name a model, by its own name, that a server has now.");
  if (old && !answersAsWell(target.can, old.can))
    throw wrong("to", `${to} does not answer at every endpoint that ${before} does.`);
  if ((await ctx.db.$count(modelChanges, eq(modelChanges.modelId, to))) > 0)
    throw wrong("to", `The end of ${to} is announced, so a name cannot go on to it.`);
  return priceNow(ctx, "to", to);
}

async function priceNow(ctx: AccountContext, field: string, model: string): Promise<ModelPrice> {
  const [price] = await ctx.db
    .select()
    .from(prices)
    .where(and(eq(prices.modelId, model), lte(prices.validFrom, ctx.now)))
    .orderBy(desc(prices.validFrom))
    .limit(1);
  if (!price) throw wrong(field, `${model} has no price.`);
  return modelPriceOf(price);
}

function refuseEarly(ctx: AccountContext, days: number, fromAt: Date): void {
  const earliest = addDays(ctx.now, days);
  if (fromAt >= earliest) return;
  const date = earliest.toISOString();
  throw new AppError("conflict", `Customers are told ${days} days before. The earliest is now ${date}.`, {
    code: "too_early",
    fields: { from: [`The earliest is ${date}.`] },
    details: { earliest: date },
  });
}

/** In the transaction that fixes when a customer's notice was given. */
export const tellMoving = part(async (ctx: OrganizationContext, notice: GivenNotice): Promise<void> => {
  const { id, alias, before, modelId } = await moveFacts(ctx, notice.aboutId);
  await openDeadline(ctx, { clock: "alias.move", subject: { kind: "alias_move", id }, dueAt: notice.effectiveAt });
  await publishWebhookEvent(ctx, "alias.moving", {
    alias,
    from_model: before,
    to_model: modelId,
    moves_at: notice.effectiveAt.toISOString(),
  });
});

export const endMoving = part(
  async (ctx: OrganizationContext, notice: GivenNotice): Promise<void> =>
    meetDeadline(ctx, "alias.move", notice.aboutId),
);
