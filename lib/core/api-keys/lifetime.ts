import { addDays } from "#lib/core/clock.ts";

export type KeyState = "active" | "expiring" | "expired" | "revoked";

export type Lifetime = { expiresAt: Date | null; revokedAt: Date | null };

const warnDays = 7;

/** What a key is at an instant; at its expiry it is expired. */
export function stateOf(key: Lifetime, at: Date): KeyState {
  if (key.revokedAt && key.revokedAt <= at) return "revoked";
  if (!key.expiresAt) return "active";
  if (key.expiresAt <= at) return "expired";
  return key.expiresAt <= addDays(at, warnDays) ? "expiring" : "active";
}
