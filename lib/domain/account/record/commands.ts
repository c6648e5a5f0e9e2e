import { asc, eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { members } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import type { AuditAction } from "#lib/core/audit-actions.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization } from "#lib/core/context.ts";

type PersonalChange = { action: AuditAction; before?: Record<string, unknown>; after?: Record<string, unknown> };

/** An account belongs to no organization: each that lets this person in finds the change in its own log. */
export const recordEverywhere = command({
  can: "account.open",
  within: "account",
  run: async (ctx, userId: Id<"user">, change: PersonalChange): Promise<void> => {
    const homes = await ctx.db
      .select({ organizationId: members.organizationId })
      .from(members)
      .where(eq(members.userId, userId))
      .orderBy(asc(members.organizationId));
    for (const { organizationId } of homes) {
      await writeAudit(inOrganization(ctx, organizationId), { ...change, object: { type: "user", id: userId } });
    }
  },
});
