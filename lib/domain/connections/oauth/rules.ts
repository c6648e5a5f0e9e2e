import type { Tokens } from "#lib/core/oauth.ts";

/** The part of its life after which a token is exchanged. */
const refreshPart = 0.8;
/** How long after a refresh that failed the next is tried. */
export const refreshWaitMinutes = 2;
/** How long a service is asked to forget a token, before it is destroyed here all the same. */
export const endingMinutes = 60;

/** When a token ends and when it is exchanged; one without an end is never exchanged. */
export function datesOf(
  { expiresIn }: Pick<Tokens, "expiresIn">,
  now: Date,
): { tokenExpiresAt: Date | null; refreshAt: Date | null } {
  if (expiresIn === null) return { tokenExpiresAt: null, refreshAt: null };
  const after = (seconds: number) => new Date(now.getTime() + Math.floor(seconds * 1000));
  return { tokenExpiresAt: after(expiresIn), refreshAt: after(expiresIn * refreshPart) };
}

/**
 * What is kept of what a service gave: a token that ends and brings no other is refused, unless one is kept from before,
 * which a service need not give again.
 */
export function keptTokens(
  { accessToken, refreshToken, expiresIn }: Tokens,
  before: string | undefined,
): Record<string, string> | null {
  const lasting = refreshToken ?? before;
  if (lasting === undefined && expiresIn !== null) return null;
  return { accessToken, ...(lasting !== undefined && { refreshToken: lasting }) };
}
