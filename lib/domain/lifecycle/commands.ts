import { and, eq, isNull, or, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { modelChanges, modelProposals, models, modelUses, prices } from "#db/schema/models.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { meetDeadline, openDeadline } from "#lib/domain/deadlines/commands.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { announce } from "#lib/domain/notices/legal/commands.ts";
import type { GivenNotice } from "#lib/domain/notices/legal/view.ts";
import { announceInput, proposeInput, rollingUses, withdrawInput } from "./input.ts";
import { endedLetter } from "./letters.ts";
import { modelEndFacts } from "./queries.ts";
import { answersAsWell, earliestEnd } from "./rules.ts";
import type { ProposedEnd } from "./view.ts";

type End = Pick<ProposedEnd, "modelId" | "replacement" | "retiresAt" | "reason">;

/** Two announcements can concern each other's models, so one is decided after the other; the database locks the same. */
export const lockEnds = part(
  async (ctx: AccountContext): Promise<unknown> =>
    ctx.db.execute(sql`select pg_advisory_xact_lock(hashtext('model_changes'))`),
);

/** Writes down that a model is to end. Nothing follows until a second person announces it, unless the operator is alone. */
export const proposeEnd = command({
  can: "models.decide",
  within: "account",
  input: proposeInput,
  run: async (ctx, { model, ...rest }): Promise<Id<"modelChange">> =>
    transaction(ctx, async (ctx) => {
      await lockEnds(ctx);
      const end = { modelId: model, ...rest };
      await refuseEnd(ctx, end);
      const id = newId("modelChange", ctx.now);
      const proposal = { id, ...end, by: ctx.actor.id, createdAt: ctx.now };
      const made = await ctx.db.insert(modelProposals).values(proposal).onConflictDoNothing().returning();
      if (made.length === 0)
        throw new AppError("conflict", `An end of ${model} is written down already. Take it back first.`, {
          code: "proposed_already",
        });
      await note(ctx, { id, ...end }, "model.propose");
      if (env().APPROVERS === 1) await goOut(ctx, proposal);
      return id;
    }),
});

async function proposal(ctx: AccountContext, id: Id<"modelChange">): Promise<ProposedEnd> {
  const [found] = await ctx.db.delete(modelProposals).where(eq(modelProposals.id, id)).returning();
  if (!found) throw new AppError("not_found", "There is no such proposal. It may be announced, or taken back.");
  return found;
}

/** T-4.2.1-DISC1: the second person announces the end of a model to every customer. */
export const announceEnd = command({
  can: "models.decide",
  within: "account",
  input: announceInput,
  run: async (ctx, { id }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      await lockEnds(ctx);
      const proposed = await proposal(ctx, id);
      if (proposed.by === ctx.actor.id)
        throw new AppError("forbidden", "You wrote it down; another person has to announce it.", {
          code: "second_person",
        });
      await refuseEnd(ctx, proposed);
      await goOut(ctx, proposed);
    }),
});

/** Takes back an end that no customer was told of. What was announced stays announced. */
export const withdrawEnd = command({
  can: "models.decide",
  within: "account",
  input: withdrawInput,
  run: async (ctx, { id }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      await note(ctx, await proposal(ctx, id), "model.withdraw");
    }),
});

async function goOut(ctx: AccountContext, { id, createdAt: _, ...end }: ProposedEnd): Promise<void> {
  const { by, retiresAt: plannedAt } = end;
  await ctx.db.delete(modelProposals).where(eq(modelProposals.id, id));
  const secondBy = by === ctx.actor.id ? null : ctx.actor.id;
  await ctx.db.insert(modelChanges).values({ id, ...end, announcedAt: ctx.now, secondBy });
  await announce(ctx, { about: "model", aboutId: id, clause: "T-4.2.1-DISC1", plannedAt });
  await enqueue(ctx, rollingUses, {}, { key: "announced" });
  await note(ctx, { id, ...end }, "model.announce");
}

/** What the database refuses too, in words. Under `lockEnds`. */
async function refuseEnd(ctx: AccountContext, end: End): Promise<void> {
  const earliest = earliestEnd(ctx.now);
  if (end.retiresAt < earliest) {
    const date = earliest.toISOString();
    throw new AppError("conflict", `Customers have six months of notice. The earliest end is now ${date}.`, {
      code: "too_early",
      fields: { retiresAt: [`The earliest is ${date}.`] },
      details: { earliest: date },
    });
  }
  if ((await ctx.db.$count(models, eq(models.id, end.modelId))) === 0)
    throw wrong("model", `There is no model ${end.modelId}. Its own name is asked for, not an alias.`);
  if ((await ctx.db.$count(modelChanges, eq(modelChanges.modelId, end.modelId))) > 0)
    throw new AppError("conflict", `The end of ${end.modelId} was announced already. It can be postponed.`, {
      code: "announced_already",
    });
  await refuseReplacement(ctx, end);
}

async function refuseReplacement(ctx: AccountContext, { modelId, replacement, retiresAt }: End): Promise<void> {
  const [found] = await ctx.db
    .select({ available: models.available, can: models.capabilities, endsAt: modelChanges.retiresAt })
    .from(models)
    .leftJoin(modelChanges, eq(modelChanges.modelId, models.id))
    .where(eq(models.id, replacement));
  if (!found?.available || replacement === modelId)
    throw wrong("replacement", "Name another model that a server has now.");
  const [ending] = await ctx.db.select({ can: models.capabilities }).from(models).where(eq(models.id, modelId));
  if (ending && !answersAsWell(found.can, ending.can))
    throw wrong("replacement", `${replacement} does not answer at every endpoint that ${modelId} does.`);
  if ((await ctx.db.$count(prices, eq(prices.modelId, replacement))) === 0)
    throw wrong("replacement", `${replacement} has no price yet, so no one could use it.`);
  if (found.endsAt && found.endsAt <= retiresAt)
    throw wrong("replacement", `${replacement} ends itself on ${found.endsAt.toISOString()}.`);
  const [replaced] = await ctx.db
    .select({ id: modelChanges.modelId, endsAt: modelChanges.retiresAt })
    .from(modelChanges)
    .where(
      and(
        eq(modelChanges.replacement, modelId),
        isNull(modelChanges.retiredAt),
        or(sql`${modelChanges.retiresAt} >= ${retiresAt.toISOString()}::timestamptz`),
      ),
    );
  if (replaced)
    throw wrong(
      "retiresAt",
      `${modelId} replaces ${replaced.id}, which ends on ${replaced.endsAt.toISOString()} only.`,
    );
}

const wrong = (field: string, message: string): AppError =>
  new AppError("conflict", message, { code: "end_refused", fields: { [field]: [message] } });

/** In the transaction that fixes when a customer's notice was given: their clock runs, and their programs hear of it. */
export const tellEndAnnounced = part(async (ctx: OrganizationContext, notice: GivenNotice): Promise<void> => {
  const { id, modelId, replacement, announcedAt } = await modelEndFacts(ctx, notice.aboutId);
  await openDeadline(ctx, {
    clock: "model.retire",
    subject: { kind: "model_change", id },
    dueAt: notice.effectiveAt,
  });
  await publishWebhookEvent(ctx, "model.announced", {
    model: modelId,
    replacement,
    announced_at: announcedAt.toISOString(),
    retires_at: notice.effectiveAt.toISOString(),
  });
});

/** Once a model has ended for a customer; those who asked it lately get a letter. The gate refuses at the instant itself. */
export const tellEnded = part(async (ctx: OrganizationContext, notice: GivenNotice): Promise<void> => {
  const { id, modelId, replacement } = await modelEndFacts(ctx, notice.aboutId);
  await meetDeadline(ctx, "model.retire", id);
  const uses = and(eq(modelUses.organizationId, ctx.organizationId), eq(modelUses.modelId, modelId));
  if ((await ctx.db.$count(modelUses, uses)) > 0)
    await notifyOrganization(ctx, (to) => endedLetter({ modelId, replacement, endsAt: notice.effectiveAt }, to));
  await publishWebhookEvent(ctx, "model.retired", {
    model: modelId,
    replacement,
    retires_at: notice.effectiveAt.toISOString(),
  });
});

type Action = "model.propose" | "model.announce" | "model.withdraw";

const note = (
  ctx: AccountContext,
  { id, modelId, retiresAt, replacement, reason }: End & Pick<ProposedEnd, "id">,
  action: Action,
): Promise<void> =>
  writeAudit(ofProvider(ctx), {
    action,
    object: { type: "model_change", id },
    after: { model: modelId, retiresAt, replacement, reason, approvers: env().APPROVERS },
    clause: "T-4.2.1-DISC1",
  });
