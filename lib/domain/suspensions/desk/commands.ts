import { and, eq, inArray } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { suspensions } from "#db/schema/abuse.ts";
import { organizations } from "#db/schema/organizations.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays, dayOf } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { meetDeadline, moveDeadline, openDeadline } from "#lib/domain/deadlines/commands.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";
import { endSuspensionInput, judgeInput, proposeInput, suspensionInput } from "#lib/domain/suspensions/input.ts";
import { appealDecidedLetter, resumedLetter, suspendedLetter } from "#lib/domain/suspensions/letters.ts";
import { mayJudge, reasonTitles, reviewDays, reviewDue } from "#lib/domain/suspensions/rules.ts";
import type { Suspension } from "#lib/domain/suspensions/view.ts";

type Named = { organizationId: Id<"organization">; id: Id<"suspension"> };
const its = ({ organizationId, id }: Named) =>
  and(eq(suspensions.organizationId, organizationId), eq(suspensions.id, id));

/** Proposes to suspend a customer; where harm is imminent, it is in force at once. */
export const proposeSuspension = command({
  can: "suspensions.decide",
  within: "account",
  input: proposeInput,
  stepUp: "organization.suspend",
  run: async (ctx, input): Promise<Id<"suspension">> =>
    transaction(ctx, async (ctx) => {
      await requireLook(ctx, input.organizationId);
      const customer = inOrganization(ctx, input.organizationId);
      const [known] = await ctx.db
        .select({ status: organizations.status })
        .from(organizations)
        .where(eq(organizations.id, input.organizationId))
        .for("update");
      if (!known) throw new AppError("not_found", "There is no such customer.");
      if (known.status !== "active") throw new AppError("conflict", `This customer is ${known.status} already.`);
      const open = and(
        eq(suspensions.organizationId, input.organizationId),
        inArray(suspensions.state, ["proposed", "active"]),
      );
      if ((await ctx.db.$count(suspensions, open)) > 0)
        throw new AppError("conflict", "A suspension of this customer is proposed already.");
      const id = newId("suspension", ctx.now);
      const [made] = await ctx.db
        .insert(suspensions)
        .values({
          ...input,
          id,
          state: "proposed",
          proposedBy: personOf(ctx.actor).id,
          proposedAt: ctx.now,
          reviewOn: dayOf(addDays(ctx.now, reviewDays)),
        })
        .returning();
      if (made && input.imminent !== null) await start(customer, made, null);
      return id;
    }),
});

/** Puts a proposed suspension in force; whoever proposed it does not. */
export const confirmSuspension = command({
  can: "suspensions.decide",
  within: "account",
  input: suspensionInput,
  stepUp: "organization.suspend",
  run: async (ctx, named): Promise<void> =>
    onSuspension(ctx, named, "proposed", async (customer, known) => {
      const { id: person } = personOf(ctx.actor);
      if (person === known.proposedBy)
        throw new AppError("forbidden", "You proposed it; another person has to confirm it.", {
          code: "second_person",
        });
      await start(customer, known, person);
    }),
});

/** Drops a proposal that is not in force. The customer hears nothing of it. */
export const dropSuspension = command({
  can: "suspensions.decide",
  within: "account",
  input: suspensionInput,
  run: async (ctx, named): Promise<void> =>
    onSuspension(ctx, named, "proposed", async (customer) => {
      await end(customer, named, { state: "dropped" });
    }),
});

/** Opens a customer's access again, of our own. */
export const resumeOrganization = command({
  can: "suspensions.decide",
  within: "account",
  input: endSuspensionInput,
  stepUp: "organization.suspend",
  run: async (ctx, { words, ...named }): Promise<void> =>
    onSuspension(ctx, named, "active", async (customer) => {
      await lift(customer, named, words, {});
    }),
});

/** Looked at again: the suspension stands, until the next day of review at least. */
export const upholdSuspension = command({
  can: "suspensions.decide",
  within: "account",
  input: suspensionInput,
  run: async (ctx, named): Promise<void> =>
    onSuspension(ctx, named, "active", async (customer, known) => {
      const reviewOn = dayOf(addDays(ctx.now, reviewDays));
      await customer.db.update(suspensions).set({ reviewOn }).where(its(named));
      await moveDeadline(customer, "suspension.review", named.id, reviewDue({ ...known, reviewOn }));
      await writeAudit(customer, {
        action: "organization.review-suspension",
        object: { type: "suspension", id: named.id },
        before: { reviewOn: known.reviewOn },
        after: { reviewOn },
        clause: "T-4.1-USE",
      });
    }),
});

/** Judges an appeal, by a person who had no part in the suspension. */
export const judgeAppeal = command({
  can: "suspensions.decide",
  within: "account",
  input: judgeInput,
  stepUp: "organization.suspend",
  run: async (ctx, { decision, answer, ...named }): Promise<void> =>
    onSuspension(ctx, named, "active", async (customer, known) => {
      if (known.appeal === null) throw new AppError("conflict", "There is no appeal against this suspension.");
      if (known.appealDecision !== null) throw new AppError("conflict", "The appeal was decided already.");
      const { id: person } = personOf(ctx.actor);
      if (!mayJudge(known, person))
        throw new AppError("forbidden", "You took part in the suspension; another person judges the appeal.", {
          code: "second_person",
        });
      const judged = {
        appealDecision: decision,
        appealAnswer: answer,
        appealDecidedBy: person,
        appealDecidedAt: ctx.now,
      };
      if (decision === "lifted") return lift(customer, named, answer, judged);
      await customer.db.update(suspensions).set(judged).where(its(named));
      await moveDeadline(customer, "suspension.review", named.id, reviewDue({ ...known, ...judged }));
      await writeAudit(customer, {
        action: "organization.judge-appeal",
        object: { type: "suspension", id: named.id },
        after: { decision },
        clause: "T-4.1-USE",
      });
      await notifyOrganization(customer, (to) => appealDecidedLetter(to, answer));
    }),
});

/** Acts on a suspension in a state, under a lock, by a person with a reason to look at the customer. */
function onSuspension(
  ctx: AccountContext,
  named: Named,
  state: Suspension["state"],
  work: (customer: OrganizationContext, known: Suspension) => Promise<void>,
): Promise<void> {
  return transaction(ctx, async (ctx) => {
    await requireLook(ctx, named.organizationId);
    const [known] = await ctx.db.select().from(suspensions).where(its(named)).for("update");
    if (!known) throw new AppError("not_found", "There is no such suspension.");
    if (known.state !== state)
      throw new AppError("conflict", `This suspension is ${known.state} already. Load the page anew.`);
    await work(inOrganization(ctx, named.organizationId), known);
  });
}

const start = part(
  async (ctx: OrganizationContext, suspension: Suspension, confirmedBy: Id<"user"> | null): Promise<void> => {
    await ctx.db.update(suspensions).set({ state: "active", startedAt: ctx.now, confirmedBy }).where(its(suspension));
    const subject = { kind: "suspension", id: suspension.id } as const;
    await openDeadline(ctx, { clock: "suspension.review", subject, dueAt: reviewDue(suspension) });
    await ctx.db
      .update(organizations)
      .set({ status: "suspended", statusReason: reasonTitles[suspension.reason], statusClause: suspension.clause })
      .where(eq(organizations.id, ctx.organizationId));
    await writeAudit(ctx, {
      action: "organization.suspend",
      object: { type: "organization", id: ctx.organizationId },
      after: { suspension: suspension.id, reason: suspension.reason, requests: suspension.requestIds },
      clause: "T-4.1-USE",
    });
    await publishWebhookEvent(ctx, "organization.suspended", {
      suspension_id: suspension.id,
      reason: suspension.reason,
      clause: suspension.clause,
    });
    await notifyOrganization(ctx, (to) => suspendedLetter(to, suspension));
  },
);

type Ended = Partial<Suspension> & Pick<Suspension, "state">;

async function end(ctx: OrganizationContext, named: Named, fields: Ended): Promise<void> {
  const ended = { ...fields, endedAt: ctx.now, endedBy: personOf(ctx.actor).id };
  await ctx.db.update(suspensions).set(ended).where(its(named));
  await meetDeadline(ctx, "suspension.review", named.id);
}

async function lift(ctx: OrganizationContext, named: Named, words: string, judged: Partial<Suspension>): Promise<void> {
  await end(ctx, named, { ...judged, state: "lifted", endedWords: words });
  await ctx.db
    .update(organizations)
    .set({ status: "active", statusReason: null, statusClause: null })
    .where(and(eq(organizations.id, ctx.organizationId), eq(organizations.status, "suspended")));
  await writeAudit(ctx, {
    action: "organization.resume",
    object: { type: "organization", id: ctx.organizationId },
    after: { suspension: named.id },
    clause: "T-4.1-USE",
  });
  await publishWebhookEvent(ctx, "organization.resumed", { suspension_id: named.id });
  await notifyOrganization(ctx, (to) => resumedLetter(to, words));
}
