import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { auditEvents, staffLooks } from "#db/schema/audit.ts";
import { organizations } from "#db/schema/organizations.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { closeLookInput, openLookInput } from "./input.ts";
import { openLookAt } from "./queries.ts";
import { lookMinutes } from "./rules.ts";
import type { Look } from "./view.ts";

/** Opens a customer's data to one person of the staff for a while; the customer's audit log has who and why at once. */
export const openLook = command({
  can: "looks.decide",
  within: "account",
  input: openLookInput,
  run: async (ctx, input): Promise<void> => {
    const { organizationId, reason, words } = input;
    const { id: staffId } = personOf(ctx.actor);
    await transaction(ctx, async (ctx) => {
      const known = await ctx.db.$count(organizations, eq(organizations.id, organizationId));
      if (known === 0) throw new AppError("not_found", "There is no such customer.");
      const id = newId("look", ctx.now);
      const endsAt = addMinutes(ctx.now, lookMinutes);
      await ctx.db.insert(staffLooks).values({ organizationId, id, staffId, reason, words, openedAt: ctx.now, endsAt });
      await writeAudit(inOrganization(ctx, organizationId), {
        action: "staff.open-look",
        object: { type: "look", id },
        after: { reason, words, until: endsAt },
      });
    });
  },
});

/** Ends all looks of this person at a customer before their time. */
export const closeLook = command({
  can: "looks.decide",
  within: "account",
  input: closeLookInput,
  run: async (ctx, { organizationId }): Promise<void> => {
    const { id: staffId } = personOf(ctx.actor);
    await transaction(ctx, async (ctx) => {
      const closed = await ctx.db
        .update(staffLooks)
        .set({ closedAt: ctx.now })
        .where(
          and(
            eq(staffLooks.organizationId, organizationId),
            eq(staffLooks.staffId, staffId),
            isNull(staffLooks.closedAt),
            gt(staffLooks.endsAt, ctx.now),
          ),
        )
        .returning({ id: staffLooks.id });
      for (const { id } of closed) {
        await writeAudit(inOrganization(ctx, organizationId), {
          action: "staff.close-look",
          object: { type: "look", id },
        });
      }
    });
  },
});

/**
 * What every query and command of the staff about one customer calls first: without a reason that is open, nothing of the
 * customer's is shown or decided. The operator at the terminal gives none; what he does is in the audit log as it is.
 */
export const requireLook = command({
  can: "looks.decide",
  within: "account",
  run: async (ctx, organizationId: Id<"organization">): Promise<Look | null> => {
    if (ctx.actor.kind !== "staff") return null;
    const look = await openLookAt(ctx, organizationId);
    if (look) return look;
    const message = "Say first why you look at this customer's data; the customer reads it in their audit log.";
    throw new AppError("forbidden", message, { code: "look_required" });
  },
});

/** The same, and the customer's audit log has what was seen: once for each thing under each reason. */
export const lookAt = command({
  can: "looks.decide",
  within: "account",
  run: async (ctx, organizationId: Id<"organization">, seen: { type: string; id: string }): Promise<void> => {
    const look = await requireLook(ctx, organizationId);
    if (!look) return;
    const { id, reason, words } = look;
    const noted = await ctx.db.$count(
      auditEvents,
      and(
        eq(auditEvents.organizationId, organizationId),
        eq(auditEvents.objectType, seen.type),
        eq(auditEvents.objectId, seen.id),
        eq(auditEvents.action, "staff.look"),
        sql`${auditEvents.after} ->> 'look' = ${id}`,
      ),
    );
    if (noted > 0) return;
    await writeAudit(inOrganization(ctx, organizationId), {
      action: "staff.look",
      object: seen,
      after: { look: id, reason, words },
    });
  },
});
