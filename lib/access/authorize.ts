import { AppError } from "#lib/errors.ts";
import type { Actor } from "./actor.ts";
import { type Permission, permissions } from "./permissions.ts";
import { rolesWith } from "./roles.ts";

/** Refuses, in a sentence that says what is missing and who can grant it, unless the actor has the permission. */
export function authorize(actor: Actor, permission: Permission): void {
  if (can(actor, permission)) return;
  if (actor.kind === "anonymous") throw new AppError("unauthenticated", "Sign in to continue.");
  throw new AppError("forbidden", refusal(actor, permission));
}

export const can = (actor: Actor, permission: Permission): boolean => actor.permissions.has(permission);

function refusal(actor: Actor, permission: Permission): string {
  if (actor.kind === "key")
    return `This API key may not ${permissions[permission]}. Give it the scope, or use another key.`;
  const grantors = rolesWith(permission);
  const hint = grantors.length > 0 ? ` It takes one of these roles: ${grantors.join(", ")}.` : "";
  return `You may not ${permissions[permission]}.${hint}`;
}
