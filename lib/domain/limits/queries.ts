import { and, asc, desc, eq, gt, inArray, isNull, ne, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { keys } from "#db/schema/keys.ts";
import { leases, spendLimits } from "#db/schema/limits.ts";
import { members, workspaces } from "#db/schema/organizations.ts";
import { tuningJobs } from "#db/schema/tuning.ts";
import { type Scope, usageEvents } from "#db/schema/usage.ts";
import { authorize, can } from "#lib/core/access/authorize.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import { stateOf as keyStateOf } from "#lib/core/api-keys/lifetime.ts";
import { monthOf } from "#lib/core/clock.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { membersIn } from "#lib/domain/members/queries.ts";
import {
  defaultAlertPercents,
  isBlocked,
  isNearlySpent,
  isReached,
  type LimitStanding,
  percentOf,
  stateOf,
} from "./rules.ts";
import type { KeyStanding } from "./view.ts";

type Limit = typeof spendLimits.$inferSelect;

type Place = { scope: Scope; scopeId: string };

/** How each of some things stands in its month, and a key in its whole life as well. */
async function standingsOf(ctx: OrganizationContext, places: readonly Place[]): Promise<LimitStanding[]> {
  if (places.length === 0) return [];
  const limited = places.filter(({ scope }) => scope === "key");
  const [limits, spent] = await Promise.all([
    ctx.db.select().from(spendLimits).where(among(ctx, places)),
    spentBy(ctx, places),
  ]);
  const limitOf = (id: string, of: LimitStanding["period"]) =>
    limits.find(({ scopeId, period }) => scopeId === id && period === of);
  const all = [
    ...places.map((place) => drawn(place, "month", limitOf(place.scopeId, "month"), spent.get(place.scopeId)?.month)),
    ...limited.map((place) =>
      drawn(place, "lifetime", limitOf(place.scopeId, "lifetime"), spent.get(place.scopeId)?.life),
    ),
  ];
  return Promise.all(all.map((standing) => withRefusals(ctx, standing)));
}

const among = (ctx: OrganizationContext, places: readonly Place[]) =>
  and(
    eq(spendLimits.organizationId, ctx.organizationId),
    inArray(spendLimits.scope, [...new Set(places.map(({ scope }) => scope))]),
    inArray(
      spendLimits.scopeId,
      places.map(({ scopeId }) => scopeId),
    ),
  );

type Picos = { settledPico: bigint; heldPico: bigint; reservedPico: bigint };

const drawn = (
  { scope, scopeId }: Place,
  period: LimitStanding["period"],
  limit: Limit | undefined,
  spent: Picos | undefined,
): Drawn => ({
  scope,
  scopeId,
  period,
  limitPico: limit?.limitPico ?? null,
  alertPercents: limit?.alertPercents ?? defaultAlertPercents,
  settledPico: spent?.settledPico ?? 0n,
  heldPico: spent?.heldPico ?? 0n,
  reservedPico: spent?.reservedPico ?? 0n,
  setAt: limit?.updatedAt ?? null,
});

type SpentColumn = "id" | "settled" | "held" | "reserved" | "allSettled" | "allHeld" | "allReserved";

/** What counts against the limits of some things, in this month and, for keys, in all of them; a key with its chain. */
async function spentBy(
  ctx: OrganizationContext,
  places: readonly Place[],
): Promise<Map<string, Record<"month" | "life", Picos>>> {
  const month = monthOf(ctx.now);
  const rows = await ctx.db.execute<Record<SpentColumn, string>>(sql`
    select ask."scopeId" as id,
      coalesce(sum(settled_pico) filter (where month = ${month}), 0)::text as settled,
      coalesce(sum(held_pico) filter (where month = ${month}), 0)::text as held,
      coalesce(sum(settled_pico), 0)::text as "allSettled", coalesce(sum(held_pico), 0)::text as "allHeld",
      coalesce(sum(jobs.pico) filter (where month = ${month}), 0)::text as reserved,
      coalesce(sum(jobs.pico), 0)::text as "allReserved"
    from json_to_recordset(${JSON.stringify(places)}::text::json) as ask (scope text, "scopeId" text)
      join spend_months as counter on counter.organization_id = ${ctx.organizationId} and counter.scope = ask.scope
        and counter.scope_id = any (counted_scopes(${ctx.organizationId}, ask.scope, ask."scopeId"))
        and (ask.scope = 'key' or counter.month = ${month})
      cross join lateral (select coalesce(sum(lease.held_pico), 0) as pico from ${leases} as lease
        join ${tuningJobs} as job on job.organization_id = lease.organization_id and job.lessee_id = lease.lessee_id
        where lease.organization_id = counter.organization_id and lease.scope = counter.scope
          and lease.scope_id = counter.scope_id and lease.month = counter.month) as jobs
    group by 1`);
  return new Map(
    rows.map(({ id, settled, held, reserved, allSettled, allHeld, allReserved }) => [
      id,
      {
        month: { settledPico: BigInt(settled), heldPico: BigInt(held), reservedPico: BigInt(reserved) },
        life: { settledPico: BigInt(allSettled), heldPico: BigInt(allHeld), reservedPico: BigInt(allReserved) },
      },
    ]),
  );
}

const lastLooked = 20;

type Drawn = Omit<LimitStanding, "isRefusing"> & { setAt: Date | null };

/**
 * Whether one of the last requests was refused by this limit as it is now. Costs are never billed over a limit, so a
 * used-up one mostly keeps a remainder too small for any request; only what it refuses tells that it is used up.
 */
async function withRefusals(ctx: OrganizationContext, { setAt, ...standing }: Drawn): Promise<LimitStanding> {
  if (setAt === null || isBlocked(standing) || !isNearlySpent(standing)) return { ...standing, isRefusing: false };
  const monthStart = new Date(monthOf(ctx.now));
  const since = standing.period === "month" && monthStart > setAt ? monthStart : setAt;
  const isRefusing = (await lastReasons(ctx, standing, since)).some(
    ({ reason, scope }) => reason === "spend_limit_reached" && scope === standing.scope,
  );
  return { ...standing, isRefusing };
}

/** How the last requests ended; of an organization, the last of each workspace, because that is how events are found. */
async function lastReasons(ctx: OrganizationContext, { scope, scopeId }: Place, since: Date) {
  const { organizationId, workspaceId, keyId, id, at, reason, limitScope } = usageEvents;
  const last = (where: SQL) => sql`select ${reason} as reason, ${limitScope} as scope from ${usageEvents}
    where ${organizationId} = ${ctx.organizationId} and ${where} and ${at} > ${since.toISOString()}::timestamptz
    order by ${id} desc limit ${lastLooked}`;
  const asked = {
    key: last(sql`${keyId} = ${scopeId}`),
    workspace: last(sql`${workspaceId} = ${scopeId}`),
    organization: sql`select found.* from ${workspaces} cross join lateral
      (${last(sql`${workspaceId} = ${workspaces.id}`)}) as found where ${workspaces.organizationId} = ${ctx.organizationId}`,
  };
  return ctx.db.execute<{ reason: string | null; scope: Scope | null }>(asked[scope]);
}

async function chainOf(ctx: Context): Promise<[organization: LimitStanding, workspace: LimitStanding]> {
  const [organization, workspace] = await standingsOf(ctx, [
    { scope: "organization", scopeId: ctx.organizationId },
    { scope: "workspace", scopeId: ctx.workspaceId },
  ]);
  if (!organization || !workspace) throw new Error("What is asked for always has a standing.");
  return [organization, workspace];
}

/** How the organization and the workspace stand this month. */
export async function standings(ctx: Context): Promise<{ organization: LimitStanding; workspace: LimitStanding }> {
  authorize(ctx.actor, "limits.read");
  const [organization, workspace] = await chainOf(ctx);
  return { organization, workspace };
}

/** How the organization stands this month, with a limit or without one. */
export async function organizationStanding(ctx: OrganizationContext): Promise<LimitStanding> {
  authorize(ctx.actor, "limits.read");
  const [standing] = await standingsOf(ctx, [{ scope: "organization", scopeId: ctx.organizationId }]);
  if (!standing) throw new Error("What is asked for always has a standing.");
  return standing;
}

export type LimitNews = {
  /** What refuses requests of the workspace now, the widest first. */
  reached: ("organization" | "workspace")[];
  /** The limit of which most is spent, once it asks for action; null for those who may not see limits. */
  near: { percent: number; isReached: boolean } | null;
};

/** What every page of the workspace says about its limits; that requests are refused, everyone may know. */
export async function limitNews(ctx: Context): Promise<LimitNews> {
  authorize(ctx.actor, "workspace.read");
  const chain = await chainOf(ctx);
  const reached = chain.filter(isReached).map(({ scope }) => scope as "organization" | "workspace");
  return { reached, near: can(ctx.actor, "limits.read") ? nearest(chain) : null };
}

function nearest(chain: readonly LimitStanding[]): LimitNews["near"] {
  const near = chain
    .filter((standing) => ["near", "reached"].includes(stateOf(standing)))
    .map((standing) => ({ percent: percentOf(standing) ?? 0, isReached: isReached(standing) }))
    .toSorted((a, b) => b.percent - a.percent);
  return near[0] ?? null;
}

/** The names of those who may raise the limit of the organization, or of this workspace. */
export async function raisersOf(ctx: Context, scope: "organization" | "workspace"): Promise<string[]> {
  authorize(ctx.actor, "workspace.read");
  const rows = await membersIn(ctx, ctx.workspaceId).orderBy(asc(members.createdAt), asc(users.name));
  const permission = scope === "organization" ? "limits.write-organization" : "limits.write";
  return rows
    .filter(({ roles, workspaceRoles }) =>
      permissionsOf(rolePermissions, [...roles, ...workspaceRoles]).has(permission),
    )
    .map(({ name }) => name);
}

export const limitedKeys = (ctx: Context) =>
  and(
    eq(keys.organizationId, ctx.organizationId),
    eq(keys.workspaceId, ctx.workspaceId),
    ne(keys.purpose, "playground"),
  );

async function keyStandingsWhere(ctx: Context, where: ReturnType<typeof limitedKeys>): Promise<KeyStanding[]> {
  const rows = await ctx.db
    .select({
      id: keys.id,
      name: keys.name,
      ownerId: keys.ownerId,
      ownerName: users.name,
      expiresAt: keys.expiresAt,
      revokedAt: keys.revokedAt,
    })
    .from(keys)
    .innerJoin(users, eq(users.id, keys.ownerId))
    .where(where)
    .orderBy(desc(keys.id));
  const found = await standingsOf(
    ctx,
    rows.map(({ id }) => ({ scope: "key", scopeId: id })),
  );
  const standingOf = (id: string, of: LimitStanding["period"]) =>
    found.find(({ scopeId, period }) => scopeId === id && period === of);
  return rows.flatMap(({ expiresAt, revokedAt, ...row }) => {
    const [month, lifetime] = [standingOf(row.id, "month"), standingOf(row.id, "lifetime")];
    const state = keyStateOf({ expiresAt, revokedAt }, ctx.now);
    return month && lifetime ? [{ ...row, state, month, lifetime }] : [];
  });
}

/** How some of the workspace's keys stand, newest first. */
export async function keyStandings(ctx: Context, ids: readonly Id<"key">[]): Promise<KeyStanding[]> {
  authorize(ctx.actor, "limits.read");
  return ids.length === 0 ? [] : keyStandingsWhere(ctx, and(limitedKeys(ctx), inArray(keys.id, [...ids])));
}

export async function keyStanding(ctx: Context, id: Id<"key">): Promise<KeyStanding> {
  authorize(ctx.actor, "limits.read");
  const [found] = await keyStandingsWhere(ctx, and(limitedKeys(ctx), eq(keys.id, id)));
  if (!found) throw new AppError("not_found", "There is no such key in this workspace.");
  return found;
}

/** The workspaces whose limit is above a limit of the organization, by name. */
export async function workspacesAbove(ctx: OrganizationContext, limitPico: bigint): Promise<string[]> {
  authorize(ctx.actor, "limits.read");
  const rows = await ctx.db
    .select({ name: workspaces.name })
    .from(spendLimits)
    .innerJoin(
      workspaces,
      and(eq(workspaces.organizationId, spendLimits.organizationId), eq(sql`${workspaces.id}`, spendLimits.scopeId)),
    )
    .where(
      and(
        eq(spendLimits.organizationId, ctx.organizationId),
        eq(spendLimits.scope, "workspace"),
        gt(spendLimits.limitPico, limitPico),
        isNull(workspaces.archivedAt),
      ),
    )
    .orderBy(asc(workspaces.name));
  return rows.map(({ name }) => name);
}

/** Every limit of an organization with how it stands, the widest first. */
export async function limitsOf(ctx: OrganizationContext): Promise<LimitStanding[]> {
  authorize(ctx.actor, "limits.read");
  const places = await ctx.db
    .selectDistinct({ scope: spendLimits.scope, scopeId: spendLimits.scopeId })
    .from(spendLimits)
    .where(eq(spendLimits.organizationId, ctx.organizationId))
    .orderBy(desc(spendLimits.scope), asc(spendLimits.scopeId));
  const found = await standingsOf(ctx, places);
  const width = { organization: 0, workspace: 1, key: 2 };
  return found.filter(({ limitPico }) => limitPico !== null).toSorted((a, b) => width[a.scope] - width[b.scope]);
}
