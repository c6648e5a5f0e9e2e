import { eq } from "drizzle-orm";
import { organizations } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";
import { correctTypeInput } from "./input.ts";
import { typeCorrectedLetter } from "./letters.ts";

/**
 * T-2-PREC: corrects whom an agreement is with, with a reason the customer reads. Every process resolves the contract's values
 * anew from the commit on.
 */
export const correctCustomerType = command({
  can: "billing.decide",
  within: "account",
  input: correctTypeInput,
  run: async (ctx, { organizationId, customerType, reason }): Promise<void> => {
    await requireLook(ctx, organizationId);
    await transaction(inOrganization(ctx, organizationId), async (ctx) => {
      const its = eq(organizations.id, organizationId);
      const [before] = await ctx.db
        .select({ customerType: organizations.customerType })
        .from(organizations)
        .where(its)
        .for("no key update");
      if (!before) throw new AppError("not_found", "There is no such customer.");
      if (before.customerType === customerType)
        throw new AppError("conflict", "This customer counts as that already.", { code: "same_type" });
      await ctx.db.update(organizations).set({ customerType }).where(its);
      await writeAudit(ctx, {
        action: "organization.correct-type",
        object: { type: "organization", id: organizationId },
        before,
        after: { customerType, reason },
        clause: "T-2-PREC",
      });
      await notifyOrganization(ctx, (to) => typeCorrectedLetter(to, { customerType, reason }));
    });
  },
});
