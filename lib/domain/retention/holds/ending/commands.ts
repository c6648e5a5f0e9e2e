import { and, eq, isNotNull, isNull, lte } from "drizzle-orm";
import { holds } from "#db/schema/holds.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, transaction } from "#lib/core/context.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { holdDisclosedLetter } from "#lib/domain/retention/holds/letters.ts";
import type { Hold } from "#lib/domain/retention/holds/view.ts";

const its = ({ organizationId, id }: Pick<Hold, "organizationId" | "id">) =>
  and(eq(holds.organizationId, organizationId), eq(holds.id, id));

/** Tells the customer of a hold: in their log, by a letter, and their programs. */
export const tellOf = part(async (ctx: AccountContext, hold: Hold): Promise<void> => {
  const customer = inOrganization(ctx, hold.organizationId);
  if (hold.disclosedAt === null) await ctx.db.update(holds).set({ disclosedAt: ctx.now }).where(its(hold));
  await writeAudit(customer, {
    action: hold.endedAt ? "hold.end" : hold.startedAt?.getTime() === ctx.now.getTime() ? "hold.open" : "hold.disclose",
    object: { type: "hold", id: hold.id },
    after: { classes: hold.classes, ground: hold.ground, reference: hold.reference, since: hold.startedAt },
  });
  await publishWebhookEvent(customer, "hold.changed", { hold_id: hold.id, state: hold.state });
  await notifyOrganization(customer, (to) => holdDisclosedLetter(to, hold));
});

/** Ends a hold that is in force and locked. */
export const endHold = part(async (ctx: AccountContext, hold: Hold): Promise<void> => {
  // Without its key nothing opens the copies, which no desk reaches; a job removes them.
  const ended = { state: "ended", endedAt: ctx.now, endedBy: ctx.actor.id, key: null } as const;
  await ctx.db
    .update(holds)
    .set({ ...ended, disclosedAt: hold.disclosedAt ?? ctx.now })
    .where(its(hold));
  await tellOf(ctx, { ...hold, ...ended, disclosedAt: hold.disclosedAt ?? ctx.now });
});

/** What the law forbade to tell until now is told; says of how many holds. */
export const discloseHolds = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const due = and(
      eq(holds.state, "active"),
      isNull(holds.disclosedAt),
      isNotNull(holds.gagUntil),
      lte(holds.gagUntil, ctx.now),
    );
    const found = await ctx.db.select().from(holds).where(due);
    for (const hold of found)
      await transaction(ctx, async (ctx) => {
        const [mine] = await ctx.db
          .select()
          .from(holds)
          .where(and(its(hold), due))
          .for("update");
        if (mine) await tellOf(ctx, mine);
      });
    return found.length;
  },
});
