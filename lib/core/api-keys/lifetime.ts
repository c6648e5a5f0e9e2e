import { addDays } from "#lib/core/clock.ts";

export const keyStates = ["active", "expiring", "expired", "revoked"] as const;
export type KeyState = (typeof keyStates)[number];

export type Lifetime = { expiresAt: Date | null; revokedAt: Date | null };

const warnDays = 7;

/** A key that ends by then is said to be expiring. */
export const warnedUntil = (at: Date): Date => addDays(at, warnDays);

/** What a key is at an instant; at its expiry it is expired. */
export function stateOf(key: Lifetime, at: Date): KeyState {
  if (key.revokedAt && key.revokedAt <= at) return "revoked";
  if (!key.expiresAt) return "active";
  if (key.expiresAt <= at) return "expired";
  return key.expiresAt <= warnedUntil(at) ? "expiring" : "active";
}
