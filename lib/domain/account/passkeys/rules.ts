import { personOf } from "#lib/core/access/person.ts";
import type { AccountContext } from "#lib/core/context.ts";
/** Where passkeys of this installation are good: what the browser says it is on has to be this. */
export type Site = { origin: string; host: string };

/** The configured address, or else the one the browser came to; a passkey made on one is worth nothing on another. */
export function siteOf(publicUrl: string | undefined, scheme: string, host: string): Site {
  const url = new URL(publicUrl ?? `${scheme}://${host}`);
  return { origin: url.origin, host: url.hostname };
}

export const challengeMinutes = 5;

/** A device that counts must count forwards: one that does not was copied. Synced passkeys do not count at all. */
export const isCopied = (kept: number, said: number): boolean => (kept > 0 || said > 0) && said <= kept;

/** The holder of a question asked of a person who is signed in: their session. */
export const holderOf = (ctx: AccountContext): string => `session:${personOf(ctx.actor).sessionId}`;
