import { and, eq, isNull, ne, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { keys } from "#db/schema/keys.ts";
import { spendAlerts, spendLimits } from "#db/schema/limits.ts";
import { organizations, workspaces } from "#db/schema/organizations.ts";
import { type Scope, spendMonths } from "#db/schema/usage.ts";
import { stateOf } from "#lib/core/api-keys/lifetime.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { monthOf } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type Context, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { decimalString, formatEuros } from "#lib/core/money.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { keyLimitInput, limitInput } from "./input.ts";
import { raisesLimit } from "./raise/queries.ts";
import { defaultAlertPercents, exceeds, mayLimitKey, type Period } from "./rules.ts";

type Place = { scope: Scope; scopeId: string; period: Period };
type Limit = { limitPico: bigint; alertPercents: number[] };

/** Lowering a limit is never held up. */
const whenRaised = async (...change: Parameters<typeof raisesLimit>) =>
  (await raisesLimit(...change)) ? ("limit.raise" as const) : null;

/** T-4.2.2.2-LIM1: what the whole organization may spend in a month. A limit below those of its workspaces is allowed. */
export const setOrganizationLimit = command({
  can: "limits.write-organization",
  within: "organization",
  input: limitInput,
  stepUp: (ctx, { limit }) => whenRaised(ctx, { scope: "organization", scopeId: ctx.organizationId, limit }),
  run: async (ctx, input): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const known = await ctx.db
        .select({ id: organizations.id })
        .from(organizations)
        .where(eq(organizations.id, ctx.organizationId));
      if (known.length === 0) throw new AppError("not_found", "There is no such organization.");
      await put(ctx, { scope: "organization", scopeId: ctx.organizationId, period: "month" }, input);
    });
  },
});

/** T-4.2.2.2-LIM1: what this workspace may spend in a month: never more than the organization may. */
export const setWorkspaceLimit = command({
  can: "limits.write",
  within: "workspace",
  input: limitInput,
  stepUp: (ctx, { limit }) => whenRaised(ctx, { scope: "workspace", scopeId: ctx.workspaceId, limit }),
  run: async (ctx, input): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const mine = and(eq(workspaces.organizationId, ctx.organizationId), eq(workspaces.id, ctx.workspaceId));
      const known = await ctx.db
        .select({ id: workspaces.id })
        .from(workspaces)
        .where(and(mine, isNull(workspaces.archivedAt)));
      if (known.length === 0) throw new AppError("not_found", "There is no such workspace, or it is archived.");
      const above = await limitAt(ctx, { scope: "organization", scopeId: ctx.organizationId, period: "month" });
      if (above && exceeds(input.limit, above.limitPico)) {
        const most = `At most ${formatEuros(above.limitPico)}, the organization's limit.`;
        throw new AppError("invalid", `A workspace cannot have a higher limit than its organization. ${most}`, {
          fields: { limit: [most] },
        });
      }
      await put(ctx, { scope: "workspace", scopeId: ctx.workspaceId, period: "month" }, input);
    });
  },
});

/** T-4.2.2.2-LIM1: what one key may spend, in a month or in its whole life. */
export const setKeyLimit = command({
  can: "limits.read",
  within: "workspace",
  input: keyLimitInput,
  stepUp: (ctx, { id, period, limit }) => whenRaised(ctx, { scope: "key", scopeId: id, period, limit }),
  run: async (ctx, { id, period, ...input }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      await refuseUnlessMine(ctx, id);
      await put(ctx, { scope: "key", scopeId: id, period }, input);
    });
  },
});

async function refuseUnlessMine(ctx: Context, id: Id<"key">): Promise<void> {
  const { organizationId, workspaceId } = ctx;
  const [key] = await ctx.db
    .select({ ownerId: keys.ownerId, purpose: keys.purpose, expiresAt: keys.expiresAt, revokedAt: keys.revokedAt })
    .from(keys)
    .where(
      and(
        eq(keys.organizationId, organizationId),
        eq(keys.workspaceId, workspaceId),
        eq(keys.id, id),
        ne(keys.purpose, "playground"),
      ),
    );
  if (!key) throw new AppError("not_found", "There is no such key in this workspace.");
  if (!mayLimitKey(ctx.actor.permissions, ctx.actor.id, key.purpose === "service" ? "" : key.ownerId)) {
    const who = "Only its owner, or someone who may change the limits of the workspace, can limit this key.";
    throw new AppError("forbidden", who);
  }
  const state = stateOf(key, ctx.now);
  if (state === "revoked" || state === "expired") {
    throw new AppError("conflict", "This key has already ended; nothing is spent with it any more.");
  }
}

/**
 * Gives a key's successor the same limits and the letters sent about them. Both count what either spends, because the
 * successor is in the old key's chain by now.
 */
export const copyKeyLimits = command({
  can: "keys.write",
  within: "workspace",
  run: async (ctx, { from, to }: Record<"from" | "to", Id<"key">>): Promise<void> => {
    for (const period of ["month", "lifetime"] as const) {
      const limit = await limitAt(ctx, { scope: "key", scopeId: from, period });
      if (!limit) continue;
      await put(ctx, { scope: "key", scopeId: to, period }, { limit: limit.limitPico, alerts: limit.alertPercents });
    }
    const sent = and(
      eq(spendAlerts.organizationId, ctx.organizationId),
      eq(spendAlerts.scope, "key"),
      eq(spendAlerts.scopeId, from),
    );
    const copies = (await ctx.db.select().from(spendAlerts).where(sent)).map((alert) => ({ ...alert, scopeId: to }));
    if (copies.length > 0) await ctx.db.insert(spendAlerts).values(copies).onConflictDoNothing();
  },
});

const where = (ctx: OrganizationContext, { scope, scopeId, period }: Place) =>
  and(
    eq(spendLimits.organizationId, ctx.organizationId),
    eq(spendLimits.scope, scope),
    eq(spendLimits.scopeId, scopeId),
    eq(spendLimits.period, period),
  );

async function limitAt(ctx: OrganizationContext, place: Place): Promise<Limit | undefined> {
  const [limit] = await ctx.db
    .select({ limitPico: spendLimits.limitPico, alertPercents: spendLimits.alertPercents })
    .from(spendLimits)
    .where(where(ctx, place));
  return limit;
}

type Asked = { limit: bigint | null; alerts?: readonly number[] | undefined };

/** Sets or removes a limit in the caller's transaction; the commit tells every process (T-4.2.2.2-LIM2). */
async function put(ctx: OrganizationContext, place: Place, { limit, alerts }: Asked): Promise<void> {
  await lockCounters(ctx, place);
  const before = await limitAt(ctx, place);
  const after =
    limit === null
      ? undefined
      : { limitPico: limit, alertPercents: [...(alerts ?? before?.alertPercents ?? defaultAlertPercents)] };
  if (isSame(before, after)) return;
  const standingPico = await standingNow(ctx, place);
  if (after) {
    const standingMonth = monthOf(ctx.now);
    const set = { ...after, standingPico, standingMonth, updatedAt: ctx.now, updatedBy: ctx.actor.id };
    await ctx.db
      .insert(spendLimits)
      .values({ organizationId: ctx.organizationId, ...place, ...set })
      .onConflictDoUpdate({
        target: [spendLimits.organizationId, spendLimits.scope, spendLimits.scopeId, spendLimits.period],
        set,
      });
  } else {
    await ctx.db.delete(spendLimits).where(where(ctx, place));
  }
  await writeAudit(ctx, {
    action: after ? "spend_limit.set" : "spend_limit.remove",
    object: { type: place.scope, id: place.scopeId },
    before: audited(place, before),
    after: { ...audited(place, after), spentAndHeld: decimalString(standingPico) },
    clause: "T-4.2.2.2-LIM2",
  });
  if (before && (limit === null || limit > before.limitPico))
    await publishWebhookEvent(ctx, "limit.raised", raised(place, before, after));
}

const raised = ({ scope, scopeId, period }: Place, before: Limit, after: Limit | undefined) => ({
  scope,
  scope_id: scopeId,
  period,
  before_eur: decimalString(before.limitPico),
  after_eur: after ? decimalString(after.limitPico) : null,
});

const isSame = (before: Limit | undefined, after: Limit | undefined): boolean =>
  before?.limitPico === after?.limitPico && String(before?.alertPercents) === String(after?.alertPercents);

const audited = ({ period }: Place, limit: Limit | undefined) => ({
  period,
  limit: limit ? decimalString(limit.limitPico) : null,
  alertPercents: limit?.alertPercents ?? null,
});

/**
 * A person who changes what is held waits for this transaction, and the other way round, so that the standing that is kept is
 * the one the new limit begins with. A lifetime is counted in all months of the key; they are locked in the same order
 * as by everyone else, this month's made first, because a month that is made beside us would escape the lock.
 */
async function lockCounters(ctx: OrganizationContext, { scope, scopeId, period }: Place): Promise<void> {
  const counter = { organization_id: ctx.organizationId, scope, scope_id: scopeId, month: monthOf(ctx.now) };
  await ctx.db.execute(sql`select lock_counters(${JSON.stringify([counter])})`);
  if (period === "month") return;
  await ctx.db
    .select({ month: spendMonths.month })
    .from(spendMonths)
    .where(countersOf(ctx, { scope, scopeId, period }))
    .orderBy(spendMonths.scopeId, spendMonths.month)
    .for("update");
}

const countersOf = (ctx: OrganizationContext, { scope, scopeId, period }: Place) =>
  and(
    eq(spendMonths.organizationId, ctx.organizationId),
    eq(spendMonths.scope, scope),
    sql`${spendMonths.scopeId} = any (counted_scopes(${ctx.organizationId}, ${scope}, ${scopeId}))`,
    period === "month" ? eq(spendMonths.month, monthOf(ctx.now)) : undefined,
  );

async function standingNow(ctx: OrganizationContext, place: Place): Promise<bigint> {
  const [row] = await ctx.db
    .select({
      pico: sql<bigint>`coalesce(sum(${spendMonths.settledPico} + ${spendMonths.heldPico}), 0)`.mapWith(BigInt),
    })
    .from(spendMonths)
    .where(countersOf(ctx, place));
  return row?.pico ?? 0n;
}
