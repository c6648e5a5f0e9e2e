import type { Actor } from "#lib/core/access/actor.ts";
import { anonymousPermissions, permissionsOf } from "#lib/core/access/roles.ts";
import { staffPermissions } from "#lib/core/access/staff-roles.ts";
import { type Env, staffNeedFactor } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import type { LiveSession } from "#lib/domain/account/sessions/queries.ts";

/** Why somebody does not enter who has no second factor yet. */
export const secondFactorNeeded = "second_factor_needed";

/** One of the provider's own people at their desks; for everyone else these do not exist. */
export function staffActor({ user, sessionId, staffRoles, hasSecondFactor }: LiveSession, env: Env): Actor {
  if (staffRoles.length === 0) throw new AppError("not_found", "There is nothing at this address.");
  if (!hasSecondFactor && staffNeedFactor(env)) {
    const message = "Staff need a second factor. Add one to your account to open the desks.";
    throw new AppError("forbidden", message, { code: secondFactorNeeded });
  }
  const permissions = new Set([...anonymousPermissions, ...permissionsOf(staffPermissions, staffRoles)]);
  return { kind: "staff", ...user, sessionId, permissions };
}
