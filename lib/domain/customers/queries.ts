import { and, desc, eq, gt, ilike, inArray, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm";
import { type Id, isId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { agents } from "#db/schema/agents.ts";
import { staffLooks } from "#db/schema/audit.ts";
import { domains } from "#db/schema/domains.ts";
import { tickets } from "#db/schema/help.ts";
import { adminKeys, keys } from "#db/schema/keys.ts";
import { spendLimits } from "#db/schema/limits.ts";
import { letters } from "#db/schema/notices.ts";
import { members, organizations, workspaces } from "#db/schema/organizations.ts";
import { deletionReceipts } from "#db/schema/receipts.ts";
import { spendMonths } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { instantKey, keysetPage, type ListPage, nameKey } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import { pico } from "#lib/core/money.ts";
import { planColumn } from "#lib/domain/organizations/plan/queries.ts";
import { lookAt } from "#lib/domain/staff/access/commands.ts";
import type { CustomerFilter } from "./input.ts";
import { stateOf } from "./rules.ts";
import type { CustomerOverview, CustomerRow } from "./view.ts";
import { waitingAtDesks } from "./waiting/queries.ts";

const listed = {
  id: organizations.id,
  name: organizations.name,
  status: organizations.status,
  deletedAt: organizations.deletedAt,
  createdAt: organizations.createdAt,
};

/** A part of the name, a domain, the contact's address or an id. */
const isAbout = (q: string): SQL | undefined =>
  or(
    ilike(organizations.name, containing(q)),
    ilike(organizations.registrationEmail, containing(q)),
    isId("organization", q) ? eq(organizations.id, q) : undefined,
    sql`exists (select from ${domains} where ${domains.organizationId} = ${organizations.id}
      and ${domains.name} = ${q.toLowerCase()})`,
  );

const isIn = (state: CustomerFilter["state"]): SQL | undefined => {
  if (!state) return undefined;
  return state === "deleted"
    ? isNotNull(organizations.deletedAt)
    : and(eq(organizations.status, state), isNull(organizations.deletedAt));
};

/** Customers by name: what is seen of each before there is a reason to see more. */
export async function customerPage(ctx: AccountContext, asked: CustomerFilter): Promise<ListPage<CustomerRow>> {
  authorize(ctx.actor, "looks.decide");
  const where = and(asked.q ? isAbout(asked.q) : undefined, isIn(asked.state));
  const keysBy = { name: nameKey(organizations.name), since: instantKey(organizations.createdAt) };
  const page = await keysetPage(
    asked,
    { keys: keysBy, first: "name", id: organizations.id },
    {
      find: ({ place, where: beyond, order, limit }) =>
        ctx.db
          .select({ ...listed, place })
          .from(organizations)
          .where(and(where, beyond))
          .orderBy(...order)
          .limit(limit),
      count: (sums) => ctx.db.select(sums).from(organizations).where(where),
    },
  );
  return { ...page, rows: page.rows.map(rowOf) };
}

type Listed = Pick<typeof organizations.$inferSelect, keyof typeof listed>;

const rowOf = ({ id, name, status, deletedAt, createdAt }: Listed): CustomerRow => ({
  id,
  name,
  state: stateOf({ status, deletedAt }),
  createdAt,
});

/** Who a customer is, before there is a reason to see more. */
export async function customerHead(ctx: AccountContext, id: Id<"organization">): Promise<CustomerRow> {
  authorize(ctx.actor, "looks.decide");
  const [found] = await ctx.db.select(listed).from(organizations).where(eq(organizations.id, id));
  if (!found) throw new AppError("not_found", "There is no such customer.");
  return rowOf(found);
}

const monthsShown = 6;
const shown = 8;

/** A customer with everything that staff see without seeing what was asked or built, under a look that the customer reads. */
export async function customerOverview(ctx: AccountContext, id: Id<"organization">): Promise<CustomerOverview> {
  authorize(ctx.actor, "looks.decide");
  await lookAt(ctx, id, { type: "organization", id });
  const [facts, counts, spend, waiting, tickets, letters, looks] = await Promise.all([
    factsOf(ctx, id),
    countsOf(ctx, id),
    spendOf(ctx, id),
    waitingAtDesks(ctx, id),
    openTickets(ctx, id),
    lastLetters(ctx, id),
    lastLooks(ctx, id),
  ]);
  return { ...facts, ...spend, counts, waiting, tickets, letters, looks };
}

async function factsOf(ctx: AccountContext, id: Id<"organization">) {
  const { customerType, registrationEmail, firstUseAt, zeroRetentionSince } = organizations;
  const [facts] = await ctx.db
    .select({ plan: planColumn(ctx.now), customerType, registrationEmail, firstUseAt, zeroRetentionSince })
    .from(organizations)
    .where(eq(organizations.id, id));
  if (!facts) throw new AppError("not_found", "There is no such customer.");
  const { name, organizationId } = domains;
  const proven = await ctx.db.select({ name }).from(domains).where(eq(organizationId, id)).orderBy(name);
  return { ...facts, domains: proven.map((domain) => domain.name) };
}

async function spendOf(ctx: AccountContext, id: Id<"organization">) {
  const months = await ctx.db
    .select({ month: spendMonths.month, pico: spendMonths.settledPico })
    .from(spendMonths)
    .where(and(eq(spendMonths.organizationId, id), eq(spendMonths.scope, "organization")))
    .orderBy(desc(spendMonths.month))
    .limit(monthsShown);
  const { organizationId, scope, period, limitPico } = spendLimits;
  const [limit] = await ctx.db
    .select({ limitPico })
    .from(spendLimits)
    .where(and(eq(organizationId, id), eq(scope, "organization"), eq(period, "month")));
  return {
    spend: months.map(({ month, pico: amount }) => ({ month, pico: pico(amount) })),
    limit: limit ? pico(limit.limitPico) : null,
  };
}

function openTickets(ctx: AccountContext, organization: Id<"organization">) {
  const { organizationId, id, number, subject, state, createdAt } = tickets;
  return ctx.db
    .select({ id, number, subject, state, createdAt })
    .from(tickets)
    .where(and(eq(organizationId, organization), inArray(state, ["open", "waiting"])))
    .orderBy(desc(createdAt))
    .limit(shown);
}

function lastLetters(ctx: AccountContext, organization: Id<"organization">) {
  const { organizationId, id, kind, subject, state, createdAt } = letters;
  return ctx.db
    .select({ id, kind, subject, state, createdAt })
    .from(letters)
    .where(eq(organizationId, organization))
    .orderBy(desc(createdAt))
    .limit(shown);
}

function lastLooks(ctx: AccountContext, organization: Id<"organization">) {
  const { organizationId, id, staffId, reason, words, openedAt } = staffLooks;
  return ctx.db
    .select({ id, staffName: users.name, reason, words, openedAt })
    .from(staffLooks)
    .innerJoin(users, eq(users.id, staffId))
    .where(eq(organizationId, organization))
    .orderBy(desc(openedAt))
    .limit(shown);
}

async function countsOf(ctx: AccountContext, id: Id<"organization">) {
  const live = or(isNull(keys.expiresAt), gt(keys.expiresAt, ctx.now));
  const counted: readonly [string, PromiseLike<number>][] = [
    ["Members", ctx.db.$count(members, eq(members.organizationId, id))],
    ["Workspaces", ctx.db.$count(workspaces, and(eq(workspaces.organizationId, id), isNull(workspaces.archivedAt)))],
    [
      "API keys in use",
      ctx.db.$count(keys, and(eq(keys.organizationId, id), eq(keys.purpose, "api"), isNull(keys.revokedAt), live)),
    ],
    ["Admin keys", ctx.db.$count(adminKeys, and(eq(adminKeys.organizationId, id), isNull(adminKeys.revokedAt)))],
    ["Agents", ctx.db.$count(agents, eq(agents.organizationId, id))],
    ["Receipts of deletions", ctx.db.$count(deletionReceipts, eq(deletionReceipts.organizationId, id))],
  ];
  return Promise.all(counted.map(async ([label, count]) => ({ label, count: await count })));
}
