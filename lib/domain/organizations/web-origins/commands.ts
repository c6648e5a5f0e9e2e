import { eq } from "drizzle-orm";
import { organizations } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { webOriginsInput } from "./input.ts";

/**
 * Sets where the organization's keys for web pages work; every process knows in under a second. Without any origin, those
 * keys are refused.
 */
export const setWebOrigins = command({
  can: "organization.write",
  within: "organization",
  input: webOriginsInput,
  stepUp: "web-origins.change",
  run: async (ctx, { origins }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const here = eq(organizations.id, ctx.organizationId);
      const [before] = await ctx.db
        .select({ origins: organizations.webOrigins })
        .from(organizations)
        .where(here)
        .for("update");
      if (!before) throw new AppError("not_found", "This organization is gone.");
      if (before.origins.join() === origins.join()) return;
      await ctx.db.update(organizations).set({ webOrigins: origins }).where(here);
      await writeAudit(ctx, {
        action: "organization.change-web-origins",
        object: { type: "organization", id: ctx.organizationId },
        before,
        after: { origins },
      });
    });
  },
});
