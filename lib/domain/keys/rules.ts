import type { Permission } from "#lib/core/access/permissions.ts";
import { type Scope, scopePermissions } from "#lib/core/access/roles.ts";
import type { Lifetime } from "#lib/core/api-keys/lifetime.ts";
import { addMinutes } from "#lib/core/clock.ts";

/** What a list of keys can be sorted by, and its order when nothing is said. */
export const keySorts = ["name", "owner", "created", "used", "spent"] as const;
export const keyOrder = "-created";

/** How long the old key stays good after a rotation, in minutes. */
export const graces = { none: 0, hour: 60, day: 1440, week: 10_080 } as const;
export type Grace = keyof typeof graces;

/** When the old key ends: after the grace, but never later than it would have ended anyway. */
export function graceEnd(key: Lifetime, grace: Grace, at: Date): Date {
  const end = addMinutes(at, graces[grace]);
  return key.expiresAt && key.expiresAt < end ? key.expiresAt : end;
}

type Owned = { ownerId: string; isService: boolean };

/**
 * Who may change a key: its owner with the right to make keys, or someone who may change any. A service key is no one's own,
 * so that only the latter do.
 */
export function mayChange(permissions: ReadonlySet<string>, userId: string, { ownerId, isService }: Owned): boolean {
  if (permissions.has("keys.write-any")) return true;
  return permissions.has("keys.write") && userId === ownerId && !isService;
}

/**
 * Who may be shown a key's successor, which acts as the same person: that person alone. Others may only end the key. A
 * service key acts as nobody.
 */
export const maySucceed = (personId: string, { ownerId, isService }: Owned): boolean =>
  isService || personId === ownerId;

/** What a key that anyone can read in a page may do: ask models, and nothing that reads what others made. */
export const webPageScopes = [
  "completions:create",
  "embeddings:create",
  "models:read",
] as const satisfies readonly Scope[];

/** What comes on top where a key is not for web pages, as far as its maker may do it. */
const furtherScopes = [
  "files:read",
  "files:write",
  "fine-tuning:read",
  "fine-tuning:write",
  "batch:read",
  "batch:write",
] as const satisfies readonly Scope[];

/** What a key may do where nothing is said of it: ask models and, where its maker may, keep files, tune models and run batches. */
export function defaultScopes(may: ReadonlySet<Permission>, isForPages: boolean): Scope[] {
  const further = furtherScopes.filter((scope) => scopePermissions[scope].every((permission) => may.has(permission)));
  return [...webPageScopes, ...(isForPages ? [] : further)];
}

export const isForWebPages = (scope: string): boolean => (webPageScopes as readonly string[]).includes(scope);
