import { and, asc, eq, isNotNull, isNull, lte, ne, sql } from "drizzle-orm";
import { agreements, keptKinds, retentionClocks, terminations } from "#db/schema/contract.ts";
import { domains } from "#db/schema/domains.ts";
import { webhookEndpoints } from "#db/schema/integrations.ts";
import { adminKeys, keys } from "#db/schema/keys.ts";
import { invitations, organizations } from "#db/schema/organizations.ts";
import { tuningIntegrations } from "#db/schema/tuning-integrations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { log, logError } from "#lib/core/log.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { lockAgreement, openTermination } from "#lib/domain/agreements/commands.ts";
import { drainMs, terminationWords } from "#lib/domain/agreements/rules.ts";
import type { Termination } from "#lib/domain/agreements/view.ts";
import { endAllBatches } from "#lib/domain/batch/lifecycle/commands.ts";
import { endAllConnections } from "#lib/domain/connections/commands.ts";
import { cancelDeadlines, meetDeadline, openDeadline } from "#lib/domain/deadlines/commands.ts";
import { endedWithAgreement } from "#lib/domain/deadlines/rules.ts";
import { endedLetter, finalLetter } from "#lib/domain/ending/letters.ts";
import { endFacts } from "#lib/domain/ending/queries.ts";
import { keptClocks, keptSubject, keptUntil, timeline } from "#lib/domain/ending/rules.ts";
import type { EndFacts } from "#lib/domain/ending/view.ts";
import { endAllJobs } from "#lib/domain/fine-tuning/lifecycle/commands.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { endAll } from "#lib/domain/zero-retention/commands.ts";
import { hasOpenUse, isUnderWayAt } from "./queries.ts";

const itsTermination = ({ organizationId, id }: Pick<Termination, "organizationId" | "id">) =>
  and(eq(terminations.organizationId, organizationId), eq(terminations.id, id));

/** Does the same to each of them, apart; one that fails is tried again a minute later and holds up no other. */
async function each(
  ctx: AccountContext,
  found: readonly Termination[],
  work: (ctx: OrganizationContext, termination: Termination) => Promise<boolean>,
): Promise<number> {
  let done = 0;
  for (const termination of found) {
    const { organizationId } = termination;
    const isDone = await work(inOrganization(ctx, organizationId), termination).catch((error: unknown) => {
      logError("contract.sweep", error, { organization: organizationId, clause: "T-6-EFF" });
      return false;
    });
    if (isDone) done += 1;
  }
  return done;
}

/**
 * T-6-EFF: carries out the ends that have come, each in one transaction: all of it or nothing, and twice is once. The gate
 * refuses since the instant itself, so nothing depends on how soon this runs.
 */
export const applyEnds = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const due = await ctx.db
      .select()
      .from(terminations)
      .where(and(isNull(terminations.withdrawnAt), isNull(terminations.appliedAt), lte(terminations.endsAt, ctx.now)))
      .orderBy(asc(terminations.endsAt), asc(terminations.id));
    const applied = await each(ctx, due, (ctx) => transaction(ctx, apply));
    if (applied > 0) log("contract.ended", { clause: "T-6-EFF", agreements: applied });
    return applied;
  },
});

async function apply(ctx: OrganizationContext): Promise<boolean> {
  const agreement = await lockAgreement(ctx);
  const termination = agreement && (await openTermination(ctx, agreement));
  if (!termination || termination.appliedAt || termination.endsAt > ctx.now) return false;
  const { endsAt: endedAt, kind, clause, agreementNumber } = termination;
  // Counted before anything of it is gone: what the page said before is what the letter says now.
  const facts = await endFacts(ctx);
  await ctx.db
    .update(organizations)
    .set({ status: "terminated", statusReason: `${terminationWords[kind]}.`, statusClause: clause })
    .where(eq(organizations.id, ctx.organizationId));
  await ctx.db
    .update(agreements)
    .set({ endsAt: endedAt, endedAt, cause: kind })
    .where(and(eq(agreements.organizationId, ctx.organizationId), eq(agreements.number, agreementNumber)));
  await endAccess(ctx, endedAt);
  await endAllJobs(ctx);
  await endAllBatches(ctx);
  await endAll(ctx, "contract");
  await endReceivers(ctx, { kind, clause, ended_at: endedAt.toISOString() });
  await startClocks(ctx, agreementNumber, endedAt, facts);
  await ctx.db
    .update(terminations)
    .set({ appliedAt: ctx.now, counts: facts.counts })
    .where(itsTermination(termination));
  await meetDeadline(ctx, "contract.end", termination.id);
  await cancelDeadlines(ctx, endedWithAgreement);
  await writeAudit(ctx, {
    action: "contract.apply",
    object: { type: "agreement", id: String(agreementNumber) },
    after: { kind, endedAt, ...facts.counts },
    clause: "T-6-EFF",
  });
  const steps = timeline(facts, termination).filter(({ at }) => at >= endedAt);
  await notifyOrganization(ctx, (to) => endedLetter(to, { kind, endedAt, steps }));
  return true;
}

/** T-4.2.1-KEY3: keys end with the agreement, and so does everything that lets more people in. */
async function endAccess(ctx: OrganizationContext, endedAt: Date): Promise<void> {
  const { organizationId } = ctx;
  await ctx.db
    .update(keys)
    .set({ revokedAt: endedAt, revokedReason: "terminated" })
    .where(and(eq(keys.organizationId, organizationId), isNull(keys.revokedAt)));
  await ctx.db
    .update(adminKeys)
    .set({ revokedAt: endedAt })
    .where(and(eq(adminKeys.organizationId, organizationId), isNull(adminKeys.revokedAt)));
  await ctx.db
    .update(invitations)
    .set({ revokedAt: ctx.now })
    .where(
      and(
        eq(invitations.organizationId, organizationId),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
      ),
    );
  await ctx.db
    .update(domains)
    .set({ joining: "off" })
    .where(and(eq(domains.organizationId, organizationId), ne(domains.joining, "off")));
}

type Ended = { kind: string; clause: string; ended_at: string };

/** Webhooks hear of the end as their last event; what else we could report to is forgotten with its credentials. */
async function endReceivers(ctx: OrganizationContext, ended: Ended): Promise<void> {
  await publishWebhookEvent(ctx, "contract.ended", ended);
  await ctx.db
    .update(webhookEndpoints)
    .set({ enabled: false, disabledReason: "The agreement has ended." })
    .where(and(eq(webhookEndpoints.organizationId, ctx.organizationId), eq(webhookEndpoints.enabled, true)));
  await ctx.db
    .update(tuningIntegrations)
    .set({ sealedKey: null, connectionId: null })
    .where(eq(tuningIntegrations.organizationId, ctx.organizationId));
  await endAllConnections(ctx);
}

async function startClocks(
  ctx: OrganizationContext,
  agreementNumber: number,
  startedAt: Date,
  facts: EndFacts,
): Promise<void> {
  const { organizationId } = ctx;
  for (const kind of keptKinds) {
    const purgeAt = keptUntil(kind, startedAt, facts);
    await ctx.db.insert(retentionClocks).values({ organizationId, agreementNumber, kind, startedAt, purgeAt });
    const subject = keptSubject(agreementNumber, kind);
    await openDeadline(ctx, { clock: keptClocks[kind], subject, dueAt: purgeAt });
  }
}

/** When no request of the time before is under way any more; one that cannot be settled is waited for so long at most. */
const settleMostMs = 5 * drainMs;

/** Notes that an ended agreement has no request left under way; what it used is known then. */
export const finishDrains = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const due = await ctx.db
      .select()
      .from(terminations)
      .where(
        and(
          isNotNull(terminations.appliedAt),
          isNull(terminations.drainedAt),
          lte(terminations.endsAt, sql`${new Date(ctx.now.getTime() - drainMs).toISOString()}::timestamptz`),
        ),
      );
    return each(ctx, due, async (ctx, termination) => {
      const isLate = ctx.now.getTime() - termination.endsAt.getTime() >= settleMostMs;
      if (await isUnderWayAt(ctx, termination.endsAt)) {
        if (!isLate) return false;
        logError("contract.drain", new Error("Requests of an ended agreement are still held."), {
          organization: ctx.organizationId,
          clause: "T-6-EFF",
        });
      }
      await ctx.db.update(terminations).set({ drainedAt: ctx.now }).where(itsTermination(termination));
      return true;
    });
  },
});

/** Notes that the last bill of an ended agreement is written, or that there is nothing to bill, and tells the customer. */
export const finalizeEnds = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const due = await ctx.db
      .select()
      .from(terminations)
      .where(and(isNotNull(terminations.drainedAt), isNull(terminations.finalizedAt)));
    return each(ctx, due, (ctx, termination) => transaction(ctx, (ctx) => finalize(ctx, termination)));
  },
});

async function finalize(ctx: OrganizationContext, termination: Termination): Promise<boolean> {
  const [locked] = await ctx.db.select().from(terminations).where(itsTermination(termination)).for("update");
  if (!locked || locked.finalizedAt) return false;
  const open = await hasOpenUse(ctx, locked.endsAt);
  if (open === "open") return false;
  await ctx.db.update(terminations).set({ finalizedAt: ctx.now }).where(itsTermination(locked));
  await writeAudit(ctx, {
    action: "contract.finalize",
    object: { type: "agreement", id: String(locked.agreementNumber) },
    after: { billed: open === "billed" },
    clause: "T-6-EFF",
  });
  await notifyOrganization(ctx, (to) => finalLetter(to, locked.endsAt, open === "billed"));
  return true;
}
