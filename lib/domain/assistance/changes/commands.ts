import { and, eq, inArray } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { assistanceGrants } from "#db/schema/assistance.ts";
import { writeAudit } from "#lib/core/audit.ts";
import type { AuditAction } from "#lib/core/audit-actions.ts";
import { part } from "#lib/core/command.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { endedLetter } from "#lib/domain/assistance/letters.ts";
import { type AssistanceAct, type AssistanceEnd, after, assistanceClause } from "#lib/domain/assistance/rules.ts";
import type { Grant } from "#lib/domain/assistance/view.ts";
import { cancelDeadline, meetDeadline, openDeadline } from "#lib/domain/deadlines/commands.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";

type Named = { organizationId: Id<"organization">; id: Id<"assistanceGrant"> };

const its = ({ organizationId, id }: Named) =>
  and(eq(assistanceGrants.organizationId, organizationId), eq(assistanceGrants.id, id));

/** The row of an assistance, which nobody else changes until the transaction ends. */
export const lockedGrant = part(async (ctx: AccountContext, named: Named): Promise<Grant> => {
  const [found] = await ctx.db.select().from(assistanceGrants).where(its(named)).for("update");
  if (!found) throw new AppError("not_found", "There is no such request.");
  return found;
});

type Change = Partial<Omit<Grant, "organizationId" | "id" | "state">>;

/** Takes an assistance on by one act, with its audit row in the customer's log. */
export const move = part(
  async (
    ctx: OrganizationContext,
    grant: Grant,
    act: AssistanceAct,
    { set, audit, facts }: { set: Change; audit: AuditAction; facts?: Record<string, unknown> },
  ): Promise<void> => {
    const state = after(grant.state, act);
    if (!state) throw new AppError("conflict", "This is in another state by now. Load the page anew.");
    await ctx.db
      .update(assistanceGrants)
      .set({ ...set, state })
      .where(its(grant));
    if (act === "agree" && set.endsAt)
      await openDeadline(ctx, {
        clock: "grant.expiry",
        subject: { kind: "assistance", id: grant.id },
        dueAt: set.endsAt,
      });
    await writeAudit(ctx, {
      action: audit,
      object: { type: "assistance", id: grant.id },
      ...(facts && { after: facts }),
      clause: assistanceClause,
    });
  },
);

/** Ends an assistance: from its commit on nothing is read any more. */
export const endGrant = part(async (ctx: OrganizationContext, grant: Grant, reason: AssistanceEnd): Promise<void> => {
  const set = { endedAt: ctx.now, endedBy: ctx.actor.id, endReason: reason };
  await (reason === "expired" ? meetDeadline : cancelDeadline)(ctx, "grant.expiry", grant.id);
  await move(ctx, grant, "end", { set, audit: "assistance.end", facts: { reason } });
  // Before there was an offer the customer has nothing to hear of that they did not do.
  if (grant.offeredAt !== null) await notifyOrganization(ctx, (to) => endedLetter(to, reason));
});

/** What people are called, in the order of their ids. */
export const namesOf = part(async (ctx: AccountContext, ids: readonly Id<"user">[]): Promise<Map<string, string>> => {
  if (ids.length === 0) return new Map();
  const found = await ctx.db
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(inArray(users.id, [...new Set(ids)]));
  return new Map(found.map(({ id, name }) => [id, name]));
});
