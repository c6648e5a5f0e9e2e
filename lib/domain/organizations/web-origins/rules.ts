import { isSecureOrigin, originOf } from "#lib/core/origins.ts";

/** How many origins an organization can name. */
export const mostOrigins = 20;

/** Why an organization cannot name a text as an origin; null where it can. */
export function originFlaw(text: string): string | null {
  const origin = originOf(text);
  if (!origin) return `${text} is not an origin. Write scheme, host and perhaps a port only: https://app.example.com.`;
  if (isSecureOrigin(origin)) return null;
  return `${text} begins with http, which is taken for localhost, 127.0.0.1 and [::1] only. Use https.`;
}

/** Origins in the spelling browsers send, each once. */
export const normalOrigins = (texts: readonly string[]): string[] => [
  ...new Set(texts.flatMap((text) => originOf(text) ?? [])),
];
