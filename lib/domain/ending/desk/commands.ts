import { and, desc, eq, isNull } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { agreements, endingDecisions } from "#db/schema/contract.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { beginEnding, lockAgreement, openTermination } from "#lib/domain/agreements/commands.ts";
import { isWithdrawable, type TerminationKind } from "#lib/domain/agreements/rules.ts";
import { mayReturnLetter } from "#lib/domain/ending/letters.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";
import { decisionInput, proposeEndInput, proposeReturnInput } from "./input.ts";
import type { DecisionName } from "./view.ts";

type Decision = typeof endingDecisions.$inferSelect;
type Proposal = Pick<Decision, "agreementNumber" | "kind" | "side" | "words" | "endsAt">;

const its = ({ organizationId, id }: DecisionName) =>
  and(eq(endingDecisions.organizationId, organizationId), eq(endingDecisions.id, id));

/** T-6-OTHER: proposes to end an agreement for cause; it ends once another person confirms it. */
export const proposeEnd = command({
  can: "contract.decide",
  within: "account",
  input: proposeEndInput,
  stepUp: "agreement.end",
  run: (ctx, { organizationId, side, words, endsAt }): Promise<Id<"endingDecision">> =>
    transaction(ctx, async (ctx) => {
      await requireLook(ctx, organizationId);
      const customer = inOrganization(ctx, organizationId);
      const agreement = await lockAgreement(customer);
      if (!agreement) throw new AppError("conflict", "There is no agreement in force that could be ended.");
      if (endsAt && endsAt < ctx.now)
        throw new AppError("invalid", "Check the marked fields.", {
          fields: { endsAt: ["An agreement cannot end in the past. Leave it empty to end it with the confirmation."] },
        });
      const open = await openTermination(customer, agreement);
      if (open && !isWithdrawable(open.kind))
        throw new AppError("conflict", "This agreement is ended for cause already.");
      return propose(customer, { agreementNumber: agreement.number, kind: "end", side, words, endsAt });
    }),
});

/** T-6-OTHER: proposes to let a customer whose agreement ended for cause begin a new one. */
export const proposeReturn = command({
  can: "contract.decide",
  within: "account",
  input: proposeReturnInput,
  run: (ctx, { organizationId, words }): Promise<Id<"endingDecision">> =>
    transaction(ctx, async (ctx) => {
      await requireLook(ctx, organizationId);
      const customer = inOrganization(ctx, organizationId);
      await lockAgreement(customer);
      const [latest] = await ctx.db
        .select()
        .from(agreements)
        .where(eq(agreements.organizationId, organizationId))
        .orderBy(desc(agreements.number))
        .limit(1);
      const isForCause = latest?.endedAt && latest.cause && !isWithdrawable(latest.cause as TerminationKind);
      if (!latest || !isForCause)
        throw new AppError("conflict", "No agreement of this customer has ended for cause: nothing keeps them out.");
      return propose(customer, { agreementNumber: latest.number, kind: "return", side: null, words, endsAt: null });
    }),
});

async function propose(customer: OrganizationContext, proposal: Proposal): Promise<Id<"endingDecision">> {
  const { organizationId, now } = customer;
  const isOpen = and(isNull(endingDecisions.confirmedAt), isNull(endingDecisions.droppedAt));
  if ((await customer.db.$count(endingDecisions, and(eq(endingDecisions.organizationId, organizationId), isOpen))) > 0)
    throw new AppError("conflict", "Something is proposed about this customer already. Confirm or drop that first.");
  const id = newId("endingDecision", now);
  const [made] = await customer.db
    .insert(endingDecisions)
    .values({ organizationId, id, ...proposal, proposedBy: personOf(customer.actor).id, proposedAt: now })
    .returning();
  const action = proposal.kind === "end" ? "contract.propose-end" : "contract.propose-return";
  await note(customer, action, proposal);
  if (made && env().APPROVERS === 1) await carryOut(customer, made, null);
  return id;
}

/** Carries a proposal out; the person who made it does not. */
export const confirmDecision = command({
  can: "contract.decide",
  within: "account",
  input: decisionInput,
  stepUp: "agreement.end",
  run: (ctx, named): Promise<void> =>
    onOpen(ctx, named, async (customer, known) => {
      const { id: person } = personOf(ctx.actor);
      if (person === known.proposedBy)
        throw new AppError("forbidden", "You proposed it; another person has to confirm it.", {
          code: "second_person",
        });
      await carryOut(customer, known, person);
    }),
});

/** Drops a proposal. The customer hears nothing of it. */
export const dropDecision = command({
  can: "contract.decide",
  within: "account",
  input: decisionInput,
  run: (ctx, named): Promise<void> =>
    onOpen(ctx, named, async (customer, known) => {
      await customer.db.update(endingDecisions).set({ droppedAt: customer.now }).where(its(known));
      await note(customer, "contract.drop-decision", known);
    }),
});

function onOpen(
  ctx: AccountContext,
  named: DecisionName,
  work: (customer: OrganizationContext, known: Decision) => Promise<void>,
): Promise<void> {
  return transaction(ctx, async (ctx) => {
    await requireLook(ctx, named.organizationId);
    const customer = inOrganization(ctx, named.organizationId);
    await lockAgreement(customer);
    const [known] = await ctx.db.select().from(endingDecisions).where(its(named));
    if (!known || known.confirmedAt || known.droppedAt)
      throw new AppError("conflict", "This was decided or dropped already, or there is no such proposal.");
    await work(customer, known);
  });
}

/** Under the organization's lock: of two confirmations one carries it out. */
async function carryOut(customer: OrganizationContext, known: Decision, confirmedBy: string | null): Promise<void> {
  const { now } = customer;
  await customer.db
    .update(endingDecisions)
    .set({ confirmedBy: confirmedBy ?? known.proposedBy, confirmedAt: now })
    .where(its(known));
  if (known.kind === "return") {
    await note(customer, "contract.allow-return", known);
    await notifyOrganization(customer, mayReturnLetter);
    return;
  }
  // The proposal may have waited until its date was over; an end is never in the past.
  const endsAt = known.endsAt && known.endsAt > now ? known.endsAt : now;
  const kind = known.side === "customer" ? "cause_customer" : "cause_provider";
  await beginEnding(customer, { kind, endsAt, words: known.words, secondBy: confirmedBy });
}

type Action = "contract.propose-end" | "contract.propose-return" | "contract.drop-decision" | "contract.allow-return";

const note = (customer: OrganizationContext, action: Action, { agreementNumber, kind, side, endsAt }: Proposal) =>
  writeAudit(customer, {
    action,
    object: { type: "agreement", id: String(agreementNumber) },
    after: { kind, side, endsAt, approvers: env().APPROVERS },
    clause: "T-6-OTHER",
  });
