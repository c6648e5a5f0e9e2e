import { and, asc, eq, gt, inArray, isNull, lte, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { staff, users } from "#db/schema/account.ts";
import { deadlines } from "#db/schema/contract.ts";
import { organizations } from "#db/schema/organizations.ts";
import type { StaffRole } from "#lib/core/access/staff-roles.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { log, logError } from "#lib/core/log.ts";
import { post } from "#lib/core/mail/post.ts";
import { type ClockName, clocks, type DeadlineOwner } from "#lib/domain/deadlines/rules.ts";
import { labelColumn } from "#lib/domain/deadlines/subjects/rules.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { comingLetter, escalatedLetter } from "./letters.ts";
import { heldUntil, namedMost, type Swept, sweepStep, together } from "./rules.ts";

const label = sql<string | null>`${sql.raw(labelColumn)}`;

/** A deletion waits for a legal hold that the customer knows of; of one they may not know of, staff are told as ever. */
const isHeld = sql<boolean>`deadlines.clock = 'deletion.agent' and exists (select from deletions
  join agents on agents.organization_id = deletions.organization_id and agents.id = deletions.target_id
  where deletions.organization_id = deadlines.organization_id and deletions.id = deadlines.subject_id
    and hold_on(agents.organization_id, agents.workspace_id, 'agents') = 'told')`;

const isOpen = and(isNull(deadlines.metAt), isNull(deadlines.cancelledAt));

/**
 * Takes each step that has come, once. A customer's rows are one transaction; two
 * processes share them out, and one that dies leaves them as they were. Says how many rows were looked at.
 */
export const sweepDeadlines = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    let swept = 0;
    let after = "";
    for (;;) {
      const [next] = await ctx.db
        .select({ organizationId: deadlines.organizationId })
        .from(deadlines)
        .where(and(lte(deadlines.nextAt, ctx.now), gt(deadlines.organizationId, after as Id<"organization">)))
        .orderBy(asc(deadlines.organizationId))
        .limit(1);
      if (!next) break;
      after = next.organizationId;
      swept += await sweepCustomer(inOrganization(ctx, next.organizationId));
    }
    await tellStaff(ctx);
    return swept;
  },
});

/** One customer whose sweep fails holds up no other, and is tried again a minute later. */
async function sweepCustomer(ctx: OrganizationContext): Promise<number> {
  let swept = 0;
  try {
    for (let more = together; more === together; swept += more) more = await transaction(ctx, sweepSome);
  } catch (error) {
    logError("deadlines.sweep", error, { organization: ctx.organizationId });
  }
  return swept;
}

type Row = Awaited<ReturnType<typeof dueRows>>[number];

const dueRows = (ctx: OrganizationContext) =>
  ctx.db
    .select({
      id: deadlines.id,
      clock: sql<ClockName>`${deadlines.clock}`,
      clause: deadlines.clause,
      openedAt: deadlines.openedAt,
      dueAt: deadlines.dueAt,
      step: deadlines.step,
      label,
      isHeld,
    })
    .from(deadlines)
    .where(and(eq(deadlines.organizationId, ctx.organizationId), lte(deadlines.nextAt, ctx.now)))
    .orderBy(asc(deadlines.dueAt), asc(deadlines.id))
    .limit(together)
    .for("update", { skipLocked: true });

async function sweepSome(ctx: OrganizationContext): Promise<number> {
  const rows = await dueRows(ctx);
  const coming: Row[] = [];
  for (const row of rows) {
    if (row.isHeld) {
      await ctx.db
        .update(deadlines)
        .set({ nextAt: heldUntil(ctx.now) })
        .where(its(ctx, row));
      continue;
    }
    const swept = sweepStep(row, ctx.now);
    await take(ctx, row, swept);
    if (swept.tell === "customer") coming.push(row);
  }
  const named = coming.slice(0, namedMost);
  if (coming.length > 0) await notifyOrganization(ctx, (to) => comingLetter(to, named, coming.length - named.length));
  return rows.length;
}

const its = ({ organizationId }: OrganizationContext, { id }: { id: Id<"deadline"> }) =>
  and(eq(deadlines.organizationId, organizationId), eq(deadlines.id, id));

async function take(ctx: OrganizationContext, row: Row, { step, nextAt, isMet, isBroken, tell }: Swept): Promise<void> {
  const untold = tell === "customer" ? null : tell;
  await ctx.db
    .update(deadlines)
    .set({
      ...{ step, nextAt, ...(untold && { untold }) },
      ...(isMet && { metAt: ctx.now, metBy: ctx.actor.id }),
      ...(isBroken && { brokenAt: ctx.now }),
    })
    .where(its(ctx, row));
  if (!isBroken) return;
  await writeAudit(ctx, {
    action: "deadline.break",
    object: { type: "deadline", id: row.id },
    after: { clock: row.clock, due: row.dueAt },
    clause: clocks[row.clock].clause,
  });
  log("deadlines.broken", { organization: ctx.organizationId, clock: row.clock, clause: row.clause });
}

/** Who of the staff sees to an owner's deadlines. What the house does by itself is support's, as its jobs are. */
const roleOf = (owner: DeadlineOwner): StaffRole => (owner === "customer" || owner === "system" ? "support" : owner);

type Untold = Awaited<ReturnType<typeof untoldRows>>[number];

const untoldRows = (ctx: AccountContext) =>
  ctx.db
    .select({
      organizationId: deadlines.organizationId,
      organizationName: organizations.name,
      id: deadlines.id,
      clock: sql<ClockName>`${deadlines.clock}`,
      owner: deadlines.owner,
      dueAt: deadlines.dueAt,
      brokenAt: deadlines.brokenAt,
      untold: deadlines.untold,
      label,
    })
    .from(deadlines)
    .innerJoin(organizations, eq(organizations.id, deadlines.organizationId))
    .where(and(sql`${deadlines.untold} is not null`, isOpen))
    .orderBy(asc(deadlines.dueAt), asc(deadlines.id))
    .limit(together)
    .for("update", { of: deadlines, skipLocked: true });

/**
 * Writes one letter to each person of the staff about all that is close or late, whichever customers it is of. Of what was met
 * meanwhile no one is told.
 */
async function tellStaff(ctx: AccountContext): Promise<void> {
  for (let more = together; more === together; ) {
    more = await transaction(ctx, async (ctx) => {
      const rows = await untoldRows(ctx);
      if (rows.length === 0) return 0;
      for (const person of await people(ctx)) {
        const theirs = rows.filter((row) => isFor(row, person.roles));
        const named = theirs.slice(0, namedMost);
        if (theirs.length > 0) await post(ctx, escalatedLetter(person, named, theirs.length - named.length));
      }
      const ids = rows.map(({ id }) => id);
      await ctx.db.update(deadlines).set({ untold: null }).where(inArray(deadlines.id, ids));
      return rows.length;
    });
  }
}

const isFor = ({ owner, untold }: Untold, roles: readonly StaffRole[]): boolean =>
  roles.includes(roleOf(owner)) || (untold === "everyone" && roles.includes("admin"));

const people = (ctx: AccountContext) =>
  ctx.db
    .select({ email: users.email, name: users.name, roles: staff.roles })
    .from(staff)
    .innerJoin(users, eq(users.id, staff.userId))
    .where(eq(staff.active, true))
    .orderBy(asc(staff.createdAt), asc(staff.userId));
