import { eq } from "drizzle-orm";
import { signInRules } from "#db/schema/domains.ts";
import { authorize } from "#lib/access/authorize.ts";
import { meansOf } from "#lib/account/factors/queries.ts";
import { hasFactor } from "#lib/account/factors/rules.ts";
import { personOf } from "#lib/account/rules.ts";
import { type OrganizationContext, within } from "#lib/context.ts";
import { AppError } from "#lib/errors.ts";
import { record } from "#lib/record.ts";

/** Lets only members in who have a second factor, from the next click of each; whoever asks for it must have one. */
export async function setRequirement(ctx: OrganizationContext, required: boolean): Promise<void> {
  authorize(ctx.actor, "organization.write");
  const person = personOf(ctx.actor);
  if (required && !hasFactor(await meansOf(ctx, person.id))) {
    throw new AppError("conflict", "Add a second factor to your own account first: this would shut you out.");
  }
  await within(ctx, async (ctx) => {
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
    await record(ctx, {
      action: "organization.change-sign-in",
      object: { type: "organization", id: organizationId },
      before: { requiresSecondFactor: !required },
      after: { requiresSecondFactor: required },
    });
  });
}
