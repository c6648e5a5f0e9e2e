import { eq } from "drizzle-orm";
import { organizations } from "#db/schema/organizations.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { keepAgreement } from "#lib/domain/terms/commands.ts";
import { agreeInput } from "#lib/domain/terms/input.ts";

/** T-2-PREC: an admin of a business signs how personal data is processed for it. With consumers it is not agreed. */
export const signDataProcessing = command({
  can: "terms.accept",
  within: "organization",
  input: agreeInput,
  run: (ctx, agreement): Promise<void> =>
    transaction(ctx, async (ctx) => {
      // Held, so that it cannot become a consumer's while it is signed.
      const [customer] = await ctx.db
        .select({ type: organizations.customerType })
        .from(organizations)
        .where(eq(organizations.id, ctx.organizationId))
        .for("share");
      if (customer?.type !== "business")
        throw new AppError("conflict", "This agreement is made with businesses. Ask support if yours is one.", {
          code: "businesses_only",
        });
      await keepAgreement(ctx, agreement, { kind: "data-processing", binds: true, clause: "T-2-PREC" });
    }),
});
