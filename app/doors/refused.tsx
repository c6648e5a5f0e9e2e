import { NoPermission } from "#components/ui/no-permission.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { denialWords } from "#lib/core/access/words.ts";
import type { Context } from "#lib/core/context.ts";
import { grantorsOf } from "#lib/domain/members/queries.ts";

/** Instead of what a person may not see: what it takes, and by name who can help. */
export async function Refused({ ctx, permission }: { ctx: Context; permission: Permission }) {
  return <NoPermission permission={permission} grantors={await grantorsOf(ctx, permission)} />;
}

/** Why a person may not do something and who can help, for the control that stays disabled; null when they may. */
export async function denial(ctx: Context, permission: Permission): Promise<string | null> {
  return can(ctx.actor, permission) ? null : denialWords(permission, await grantorsOf(ctx, permission));
}
