import { and, asc, eq, gt, isNotNull, isNull, lte, or } from "drizzle-orm";
import { agreements, retentionClocks } from "#db/schema/contract.ts";
import { organizations } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { log, logError } from "#lib/core/log.ts";
import { formatCents } from "#lib/core/money.ts";
import { lockAgreement } from "#lib/domain/agreements/commands.ts";
import { latestAgreement } from "#lib/domain/agreements/queries.ts";
import { isWithdrawable, type TerminationKind } from "#lib/domain/agreements/rules.ts";
import { cancelDeadline, meetDeadline } from "#lib/domain/deadlines/commands.ts";
import { returnInput } from "#lib/domain/ending/input.ts";
import { resumedLetter } from "#lib/domain/ending/letters.ts";
import { mayReturn, openDebt } from "#lib/domain/ending/queries.ts";
import { keptClasses, keptClauses, keptClocks, keptSubject, keptWords } from "#lib/domain/ending/rules.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { purgeScope } from "#lib/domain/retention/purge/commands.ts";
import { issueReceipt } from "#lib/domain/retention/receipts/commands.ts";
import { agree } from "#lib/domain/terms/commands.ts";

/**
 * A former customer begins a new agreement under the terms in force: what is still kept comes back in the same transaction
 * (T-4.3-DEL2, T-4.2.3-DEL2). Keys of before never revive.
 */
export const resubscribe = command({
  can: "contract.resume",
  within: "organization",
  input: returnInput,
  run: async (ctx, { documentId, sha256 }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const number = await nextNumber(ctx);
      await agree(ctx, { documentId, sha256 });
      await ctx.db
        .insert(agreements)
        .values({ organizationId: ctx.organizationId, number: number + 1, startsAt: ctx.now });
      await ctx.db
        .update(organizations)
        .set({ status: "active", statusReason: null, statusClause: null })
        .where(eq(organizations.id, ctx.organizationId));
      const restored = await restore(ctx, number);
      await writeAudit(ctx, {
        action: "contract.resubscribe",
        object: { type: "agreement", id: String(number + 1) },
        after: { restored, documentId, sha256 },
        clause: "T-4.3-DEL2",
      });
      await notifyOrganization(ctx, (to) => resumedLetter(to, { number: number + 1, restored }));
    }),
});

/** The number of the agreement that ended, where a new one may begin. */
async function nextNumber(ctx: OrganizationContext): Promise<number> {
  const running = await lockAgreement(ctx);
  const latest = await latestAgreement(ctx);
  if (running || !latest?.endedAt)
    throw new AppError("conflict", "The agreement of this organization has not ended.", { code: "agreement_running" });
  const [organization] = await ctx.db
    .select({ deletedAt: organizations.deletedAt })
    .from(organizations)
    .where(eq(organizations.id, ctx.organizationId));
  if (organization?.deletedAt)
    throw new AppError("conflict", "This organization was deleted. Found another one.", { code: "deleted" });
  const isForCause = latest.cause !== null && !isWithdrawable(latest.cause as TerminationKind);
  if (isForCause && !(await mayReturn(ctx, latest.number)))
    throw new AppError("conflict", "This agreement was ended for cause. Ask in Help whether a new one can begin.", {
      code: "ended_for_cause",
    });
  await refuseDuringPurge(ctx);
  const debt = await openDebt(ctx);
  if (debt > 0n)
    throw new AppError("conflict", `Pay the ${formatCents(debt)} that are open under Billing first.`, {
      code: "debts_open",
    });
  return latest.number;
}

/** What is over is deleted first, or it would take what is made from now on with it. */
async function refuseDuringPurge(ctx: OrganizationContext): Promise<void> {
  const isUnderWay = and(
    eq(retentionClocks.organizationId, ctx.organizationId),
    isNull(retentionClocks.restoredAt),
    isNull(retentionClocks.receiptId),
    or(isNotNull(retentionClocks.purgedAt), lte(retentionClocks.purgeAt, ctx.now)),
  );
  if ((await ctx.db.$count(retentionClocks, isUnderWay)) > 0)
    throw new AppError("conflict", "What was kept for too long is being deleted. Try again in a minute.", {
      code: "deletion_under_way",
    });
}

async function restore(ctx: OrganizationContext, number: number): Promise<string[]> {
  const restored = await ctx.db
    .update(retentionClocks)
    .set({ restoredAt: ctx.now })
    .where(
      and(
        eq(retentionClocks.organizationId, ctx.organizationId),
        eq(retentionClocks.agreementNumber, number),
        isNull(retentionClocks.purgedAt),
        gt(retentionClocks.purgeAt, ctx.now),
      ),
    )
    .returning({ kind: retentionClocks.kind });
  for (const { kind } of restored) await cancelDeadline(ctx, keptClocks[kind], keptSubject(number, kind).id);
  return restored.map(({ kind }) => keptWords[kind].toLowerCase());
}

type Clock = typeof retentionClocks.$inferSelect;
const its = ({ organizationId, agreementNumber, kind }: Clock) =>
  and(
    eq(retentionClocks.organizationId, organizationId),
    eq(retentionClocks.agreementNumber, agreementNumber),
    eq(retentionClocks.kind, kind),
  );

/**
 * Deletes what was kept for a return and is over, with a receipt. A clock is taken first, under the organization's lock, so
 * that it is deleted or restored and never both; one whose deletion broke off is gone on with.
 */
export const purgeKept = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const due = await ctx.db
      .select()
      .from(retentionClocks)
      .where(
        and(
          isNull(retentionClocks.restoredAt),
          isNull(retentionClocks.receiptId),
          or(isNotNull(retentionClocks.purgedAt), lte(retentionClocks.purgeAt, ctx.now)),
        ),
      )
      .orderBy(asc(retentionClocks.purgeAt));
    let purged = 0;
    for (const clock of due) if (await purge(ctx, clock).catch((error: unknown) => failed(clock, error))) purged += 1;
    if (purged > 0) log("contract.purged", { kinds: purged });
    return purged;
  },
});

function failed({ organizationId, kind }: Clock, error: unknown): false {
  logError("contract.purge", error, { organization: organizationId, kind, clause: keptClauses[kind] });
  return false;
}

async function purge(ctx: AccountContext, clock: Clock): Promise<boolean> {
  const { organizationId, kind } = clock;
  const customer = inOrganization(ctx, organizationId);
  const isTaken = await transaction(customer, async (ctx) => {
    await lockAgreement(ctx);
    const taken = await ctx.db
      .update(retentionClocks)
      .set({ purgedAt: ctx.now })
      .where(and(its(clock), isNull(retentionClocks.restoredAt), isNull(retentionClocks.receiptId)))
      .returning();
    return taken.length > 0;
  });
  if (!isTaken) return false;
  const removed = await purgeScope(customer, { organizationId, workspaceId: null }, keptClasses[kind]);
  await transaction(customer, async (ctx) => {
    const receiptId = await issueReceipt(ctx, {
      cause: "termination",
      clause: keptClauses[kind],
      workspaceId: null,
      removed,
    });
    await ctx.db.update(retentionClocks).set({ receiptId }).where(its(clock));
    await meetDeadline(ctx, keptClocks[kind], keptSubject(clock.agreementNumber, kind).id);
    await writeAudit(ctx, {
      action: "contract.purge",
      object: { type: "agreement", id: String(clock.agreementNumber) },
      after: { kind, receiptId, ...Object.fromEntries(removed.map(({ class: name, items }) => [name, items])) },
      clause: keptClauses[kind],
    });
  });
  return true;
}
