import { AppError } from "#lib/core/errors.ts";
import type { Actor } from "./actor.ts";
import { type Permission, permissions } from "./permissions.ts";
import { denialWords } from "./words.ts";

/** Refuses, in a sentence that says what is missing and which roles have it, unless the actor has the permission. */
export function authorize(actor: Actor, permission: Permission): void {
  if (can(actor, permission)) return;
  if (actor.kind === "anonymous") throw new AppError("unauthenticated", "Sign in to continue.");
  if (actor.kind === "key") throw new AppError("forbidden", scopeWords(permission));
  throw new AppError("forbidden", denialWords(permission, []), { details: { permission } });
}

export const can = (actor: Actor, permission: Permission): boolean => actor.permissions.has(permission);

const scopeWords = (permission: Permission): string =>
  `This API key may not ${permissions[permission].words}. Give it the scope, or use another key.`;
