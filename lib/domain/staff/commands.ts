import type { Id } from "#db/id.ts";
import { staff } from "#db/schema/account.ts";
import type { StaffRole } from "#lib/core/access/staff-roles.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { provisionUser } from "#lib/domain/sign-up/provisioning/commands.ts";

/** Makes a person staff with these roles, or replaces the roles they had. */
export const addStaff = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, { email, roles }: { email: string; roles: StaffRole[] }): Promise<Id<"user">> => {
    return transaction(ctx, async (ctx) => {
      const userId = await provisionUser(ctx, email);
      await ctx.db
        .insert(staff)
        .values({ userId, roles, createdAt: ctx.now })
        .onConflictDoUpdate({ target: staff.userId, set: { roles, active: true } });
      return userId;
    });
  },
});
