import { and, eq } from "drizzle-orm";
import { suspensions } from "#db/schema/abuse.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addWorkingDays } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { moveDeadline } from "#lib/domain/deadlines/commands.ts";
import { appealInput } from "./input.ts";
import { appealWorkingDays, reviewDue } from "./rules.ts";

/** T-4.1-USE: asks for another judgement of a suspension, once. */
export const appealSuspension = command({
  can: "suspensions.appeal",
  within: "organization",
  input: appealInput,
  run: async (ctx, { id, appeal }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const its = and(eq(suspensions.organizationId, ctx.organizationId), eq(suspensions.id, id));
      const [known] = await ctx.db.select().from(suspensions).where(its).for("update");
      if (!known) throw new AppError("not_found", "There is no such suspension in this organization.");
      if (known.state !== "active") throw new AppError("conflict", "This suspension is not in force.");
      if (known.appeal !== null) throw new AppError("conflict", "There is an appeal against it already.");
      const appealDueAt = addWorkingDays(ctx.now, appealWorkingDays);
      const asked = { appeal, appealedBy: personOf(ctx.actor).id, appealedAt: ctx.now, appealDueAt };
      await ctx.db.update(suspensions).set(asked).where(its);
      await moveDeadline(ctx, "suspension.review", id, reviewDue({ ...known, appealDueAt }));
      await writeAudit(ctx, {
        action: "organization.appeal",
        object: { type: "suspension", id },
        after: { due: appealDueAt },
        clause: "T-4.1-USE",
      });
    }),
});
