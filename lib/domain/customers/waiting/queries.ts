import { type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { dayOf } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { bindingNouns } from "#lib/core/mail/kinds.ts";
import type { Waiting } from "./view.ts";

type Desk = {
  href: string;
  label: string;
  permission: Permission;
  table: string;
  where: (now: Date) => SQL;
  /** What waits there is of no customer. */
  isOfNone?: boolean;
};

/** What asks for somebody at each desk. What waits for the customer, or runs by itself, is not among it. */
const desks: readonly Desk[] = [
  {
    href: "/staff",
    label: "Tickets",
    permission: "desk.read",
    table: "tickets",
    where: (now) => sql`state = 'open' and coalesce(snoozed_until <= ${now.toISOString()}::timestamptz, true)`,
  },
  {
    href: "/staff/mail",
    label: "E-mail that waits",
    permission: "tickets.decide",
    table: "received_mail",
    where: () => sql`outcome = 'held'`,
  },
  {
    href: "/staff/assistance",
    label: "Requests for assistance",
    permission: "assistance.decide",
    table: "assistance_grants",
    where: () => sql`state in ('requested', 'approved')`,
  },
  {
    href: "/staff/transfers",
    label: "Transfers of tuned models",
    permission: "transfers.decide",
    table: "model_transfers",
    where: (now) => sql`executed_at is null and revoked_at is null and until >= ${dayOf(now)}`,
  },
  {
    href: "/staff/abuse",
    label: "Signs of abuse",
    permission: "abuse.decide",
    table: "abuse_items",
    where: (now) => sql`state = 'open' and ends_at > ${now.toISOString()}::timestamptz`,
  },
  {
    href: "/staff/rates",
    label: "Requests for higher limits",
    permission: "rates.decide",
    table: "rate_requests",
    where: () => sql`state = 'submitted'`,
  },
  {
    href: "/staff/agents",
    label: "Reports of agents",
    permission: "agents.decide",
    table: "agent_reports",
    where: () => sql`decision is null`,
  },
  {
    href: "/staff/zero-retention",
    label: "Requests for zero retention",
    permission: "zero-retention.decide",
    table: "zero_retention_requests",
    where: () => sql`state in ('submitted', 'in_review')`,
  },
  {
    href: "/staff/deletions",
    label: "Deletions",
    permission: "deletions.decide",
    table: "deletions",
    where: () => sql`state = 'open' and (kind = 'data' or requested_by is null)`,
  },
  {
    href: "/staff/holds",
    label: "Legal holds",
    permission: "holds.decide",
    table: "holds",
    where: (now) => sql`(state = 'proposed' or state = 'active' and review_on < ${dayOf(now)}::date)`,
  },
  {
    href: "/staff/reports",
    label: "Reports of abuse",
    permission: "abuse.decide",
    table: "abuse_reports",
    isOfNone: true,
    where: () => sql`outcome is null`,
  },
  {
    href: "/staff/suspensions",
    label: "Suspensions and appeals",
    permission: "suspensions.decide",
    table: "suspensions",
    where: () => sql`(state = 'proposed' or state = 'active' and appeal is not null and appeal_decision is null)`,
  },
  {
    href: "/staff/contracts",
    label: "Ends of contracts",
    permission: "contract.decide",
    table: "ending_decisions",
    where: () => sql`confirmed_at is null and dropped_at is null`,
  },
  {
    href: "/staff/billing/disputes",
    label: "Disputes",
    permission: "billing.decide",
    table: "disputes",
    where: () => sql`state = 'open'`,
  },
  {
    href: "/staff/notices?show=undelivered",
    label: "Letters that did not arrive",
    permission: "letters.decide",
    table: "letters",
    where: () => sql`state in ('failed', 'bounced') and settled_at is null
      and split_part(kind, '.', 1) in ${bindingNouns}`,
  },
];

/** How much waits at the desks of this person, of one customer or of all; desks where nothing waits are left out. */
export async function waitingAtDesks(ctx: AccountContext, organizationId?: Id<"organization">): Promise<Waiting[]> {
  authorize(ctx.actor, "account.manage");
  const mine = desks.filter(
    ({ permission, isOfNone = false }) => ctx.actor.permissions.has(permission) && !(organizationId && isOfNone),
  );
  if (mine.length === 0) return [];
  const of = organizationId ? sql`organization_id = ${organizationId} and ` : sql``;
  const counts = mine.map(
    ({ table, where }, at) =>
      sql`select ${at}::int as at, count(*)::int as count from ${sql.identifier(table)} where ${of}${where(ctx.now)}`,
  );
  const rows = await ctx.db.execute<{ at: number; count: number }>(sql.join(counts, sql` union all `));
  return rows.flatMap(({ at, count }) => {
    const desk = mine[at];
    return desk && count > 0 ? [{ label: desk.label, href: desk.href, count }] : [];
  });
}
