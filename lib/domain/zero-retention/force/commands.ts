import { and, eq, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { lessees } from "#db/schema/limits.ts";
import { zeroRetentionRequests } from "#db/schema/zero-retention.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { purgedClasses, type RetentionClassName } from "#lib/domain/retention/classes/rules.ts";
import { purgeScope } from "#lib/domain/retention/purge/commands.ts";
import { issueReceipt } from "#lib/domain/retention/receipts/commands.ts";
import { measure } from "#lib/domain/retention/stores/commands.ts";
import type { Measure } from "#lib/domain/retention/stores/view.ts";
import { lockedRequest, move, type Request } from "#lib/domain/zero-retention/changes/commands.ts";
import { alarmHours, retryMinutes } from "#lib/domain/zero-retention/rules.ts";
import { beginStep, changeStep, latestAttempt } from "#lib/domain/zero-retention/steps/commands.ts";

type Named = { organizationId: Id<"organization">; id: Id<"zeroRetention"> };

/** What a verification found: nothing, or where something was; numbers and names alone. `stuckOn` is why it did not look. */
export type Verdict = { isClean: boolean; facts: Record<string, unknown>; stuckOn?: "readiness" };
/** Looks, in a scope, for what should not be there. Given by the process that can ask the API. */
export type Verify = (ctx: OrganizationContext, request: Request) => Promise<Verdict>;

/** Each living process says that no request of its own is older than the moment this step began. */
async function drain(ctx: OrganizationContext, request: Request): Promise<boolean> {
  const row = await beginStep(ctx, request, "drain");
  if (row.outcome === "done") return true;
  const living = await ctx.db
    .select({
      isCalm: sql<boolean>`coalesce(${lessees.calmSince} > ${row.startedAt.toISOString()}::timestamptz, false)`,
    })
    .from(lessees)
    // A job's hold is no process, and answers no requests.
    .where(sql`${lessees.expiresAt} > clock_timestamp() and ${lessees.jobId} is null`);
  if (living.some(({ isCalm }) => !isCalm)) return false;
  await changeStep(ctx, row, { endedAt: ctx.now, outcome: "done", facts: { processes: living.length } });
  return true;
}

type Counted = Record<string, { items: number; bytes: number; oldest: string | null; newest: string | null }>;

/** T-4.2.2.2-ZDR3: removes what was stored, and signs for it. What was there is written down before the first of it goes. */
async function purge(ctx: OrganizationContext, request: Request): Promise<void> {
  const row = await beginStep(ctx, request, "purge");
  if (row.outcome === "done") return;
  const scope = { organizationId: request.organizationId, workspaceId: request.workspaceId };
  const kept = new Set<string>(request.keepClasses);
  const classes = purgedClasses.filter((name) => !kept.has(name));
  // A new attempt has the facts of the one before.
  const removed = (row.facts?.removed as Counted | undefined) ?? (await countedIn(ctx, classes, scope));
  await changeStep(ctx, row, { facts: { removed } });
  await purgeScope(ctx, scope, classes);
  await transaction(ctx, async (ctx) => {
    const receipt = await issueReceipt(ctx, {
      cause: "zero-retention",
      clause: "T-4.2.2.2-ZDR3",
      workspaceId: request.workspaceId,
      askedAt: request.createdAt,
      removed: classes.map((name) => ({ class: name, ...measureOf(removed[name]) })),
    });
    await changeStep(ctx, row, { endedAt: ctx.now, outcome: "done", facts: { removed, recount: 0, receipt } });
  });
}

async function countedIn(
  ctx: OrganizationContext,
  classes: readonly RetentionClassName[],
  scope: Parameters<typeof measure>[2],
): Promise<Counted> {
  const counted: Counted = {};
  for (const name of classes) {
    const { items, bytes, oldest, newest } = await measure(ctx, name, scope);
    counted[name] = { items, bytes, oldest: oldest?.toISOString() ?? null, newest: newest?.toISOString() ?? null };
  }
  return counted;
}

const measureOf = (counted: Counted[string] | undefined): Measure => ({
  items: counted?.items ?? 0,
  bytes: counted?.bytes ?? 0,
  oldest: counted?.oldest ? new Date(counted.oldest) : null,
  newest: counted?.newest ? new Date(counted.newest) : null,
});

async function verify(ctx: OrganizationContext, request: Request, look: Verify): Promise<Record<string, unknown>> {
  const row = await beginStep(ctx, request, "verify");
  if (row.outcome === "done") return row.facts ?? {};
  const { isClean, facts, stuckOn } = await look(ctx, request);
  await changeStep(ctx, row, { endedAt: ctx.now, outcome: isClean ? "done" : "failed", facts });
  if (stuckOn) throw new AppError("conflict", "Something here could keep content.", { code: "not_ready" });
  if (!isClean) throw new AppError("conflict", "The check found something.", { code: "check_failed" });
  return facts;
}

const soonMs = 2000;

/**
 * T-4.2.2.2-ZDR3: takes an approved request as far as it goes: waits for what is under way, removes what was stored, checks,
 * and says that it is active. Every step can be begun again after a crash. Answers when to try again; null when there is
 * nothing left to do.
 */
export const implementZeroRetention = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, named: Named, look: Verify): Promise<Date | null> => {
    const customer = inOrganization(ctx, named.organizationId);
    const request = await started(customer, named.id);
    if (!request) return null;
    const waits = await dueAgain(customer, request);
    if (waits) return waits;
    try {
      const hasFlag = request.scope !== "on_request";
      if (hasFlag && !(await drain(customer, request))) return new Date(ctx.now.getTime() + soonMs);
      if (hasFlag) await purge(customer, request);
      const evidence = await verify(customer, request, look);
      await activate(customer, request, evidence);
      return null;
    } catch (error) {
      return await stuck(customer, request, error);
    }
  },
});

async function started(ctx: OrganizationContext, id: Id<"zeroRetention">): Promise<Request | null> {
  return transaction(ctx, async (ctx) => {
    const request = await lockedRequest(ctx, id);
    if (request.state === "implementing") return request;
    if (request.state !== "approved") return null;
    await move(ctx, request, "begin");
    return { ...request, state: "implementing" };
  });
}

/** When an attempt that failed is due again; null when it is. */
async function dueAgain(ctx: OrganizationContext, request: Request): Promise<Date | null> {
  const rows = [await latestAttempt(ctx, request, "purge"), await latestAttempt(ctx, request, "verify")];
  const [failed] = rows.filter((row) => row?.outcome === "failed" && row.endedAt);
  if (!failed?.endedAt) return null;
  const due = addMinutes(failed.endedAt, retryMinutes(failed.attempt));
  return due > ctx.now ? due : null;
}

async function activate(ctx: OrganizationContext, request: Request, evidence: Record<string, unknown>): Promise<void> {
  await transaction(ctx, async (ctx) => {
    const current = await lockedRequest(ctx, request.id);
    // Taken back meanwhile, or another process was faster.
    if (current.state !== "implementing") return;
    const fields = { activeAt: ctx.now, verifiedAt: ctx.now, evidence, stuckOn: null, alarmedAt: null };
    await move(ctx, current, "activate", fields);
  });
}

/** The flag stays; staff see at the desk what it waits for, and after four hours an alarm. */
async function stuck(ctx: OrganizationContext, request: Request, error: unknown): Promise<Date> {
  const open = [
    await latestAttempt(ctx, request, "verify"),
    await latestAttempt(ctx, request, "purge"),
    await latestAttempt(ctx, request, "drain"),
  ];
  const row = open.find((one) => one && one.outcome !== "done");
  const isUnready = error instanceof AppError && error.code === "not_ready";
  const stuckOn = isUnready ? "readiness" : (row?.step ?? "drain");
  if (row && row.outcome === null)
    await changeStep(ctx, row, { endedAt: ctx.now, outcome: "failed", facts: row.facts ?? {} });
  const reference = logError("zero-retention.implement", error, { request: request.id, step: stuckOn });
  const isLate = request.decidedAt !== null && ctx.now.getTime() - request.decidedAt.getTime() > alarmHours * 3_600_000;
  await ctx.db
    .update(zeroRetentionRequests)
    .set({ stuckOn, ...(isLate && !request.alarmedAt && { alarmedAt: ctx.now }) })
    .where(
      and(eq(zeroRetentionRequests.organizationId, request.organizationId), eq(zeroRetentionRequests.id, request.id)),
    );
  if (isLate)
    logError("zero-retention.alarm", new AppError("unavailable", "Zero retention is not active after four hours."), {
      reference,
    });
  return addMinutes(ctx.now, retryMinutes(row?.attempt ?? 1));
}
