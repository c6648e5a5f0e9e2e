import { addDays, addMinutes } from "#lib/clock.ts";

export type KeyState = "active" | "expiring" | "expired" | "revoked";

type Lifetime = { expiresAt: Date | null; revokedAt: Date | null };

const warnDays = 7;

/** What a key is at an instant; at its expiry it is expired. */
export function stateOf(key: Lifetime, at: Date): KeyState {
  if (key.revokedAt && key.revokedAt <= at) return "revoked";
  if (!key.expiresAt) return "active";
  if (key.expiresAt <= at) return "expired";
  return key.expiresAt <= addDays(at, warnDays) ? "expiring" : "active";
}

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
 * Who may change a key: its owner with the right to make keys, or someone who may change any. A service key is nobody's own,
 * so that only the latter do.
 */
export function mayChange(permissions: ReadonlySet<string>, userId: string, { ownerId, isService }: Owned): boolean {
  if (permissions.has("keys.write-any")) return true;
  return permissions.has("keys.write") && userId === ownerId && !isService;
}
