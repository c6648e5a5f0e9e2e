import { eq } from "drizzle-orm";
import { signInRules } from "#db/schema/domains.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { meansOf } from "#lib/domain/account/factors/queries.ts";
import { hasFactor } from "#lib/domain/account/factors/rules.ts";
import { requirementInput } from "./input.ts";

/** Lets only members in who have a second factor, from the next click of each; the person who asks for it must have one. */
export const setRequirement = command({
  can: "organization.write",
  within: "organization",
  input: requirementInput,
  stepUp: "sign-in-rules.change",
  run: async (ctx, { required }): Promise<void> => {
    const person = personOf(ctx.actor);
    if (required && !hasFactor(await meansOf(ctx, person.id))) {
      throw new AppError("conflict", "Add a second factor to your own account first: this would shut you out.");
    }
    await transaction(ctx, async (ctx) => {
      const { organizationId } = ctx;
      const [before] = await ctx.db
        .select({ required: signInRules.requiresSecondFactor })
        .from(signInRules)
        .where(eq(signInRules.organizationId, organizationId))
        .for("update");
      if ((before?.required ?? false) === required) return;
      const set = { requiresSecondFactor: required, updatedAt: ctx.now, updatedBy: person.id };
      await ctx.db
        .insert(signInRules)
        .values({ organizationId, ...set })
        .onConflictDoUpdate({ target: signInRules.organizationId, set });
      await writeAudit(ctx, {
        action: "organization.change-sign-in",
        object: { type: "organization", id: organizationId },
        before: { requiresSecondFactor: !required },
        after: { requiresSecondFactor: required },
      });
    });
  },
});
