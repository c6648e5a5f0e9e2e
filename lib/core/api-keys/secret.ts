import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const bodyLength = 43;
const checkLength = 6;
const secretLength = 4 + bodyLength + checkLength;
const shape = new RegExp(`^(cp[atw])_[0-9A-Za-z]{${bodyLength + checkLength}}$`);

/** What a key is for: asking models, administering an organization, or training. None is good for another. */
export const purposes = ["cpt", "cpa", "cpw"] as const;
export type Purpose = (typeof purposes)[number];

/** A new API key: 256 random bits, and a checksum so that a typo is refused without looking it up. */
export function newSecret(purpose: Purpose = "cpt"): string {
  const body = base62(BigInt(`0x${randomBytes(32).toString("hex")}`), bodyLength);
  return `${purpose}_${body}${checksum(body)}`;
}

/** The check that costs nothing, before any that does. */
export const hasKeyLength = (secret: string): boolean => secret.length === secretLength;

/** Whether a text could be a key at all: prefix, length and checksum. */
export function isWellFormed(secret: string, purpose: Purpose = "cpt"): boolean {
  if (shape.exec(secret)?.[1] !== purpose) return false;
  return checksum(secret.slice(4, 4 + bodyLength)) === secret.slice(-checkLength);
}

/** The characters people recognise a key by. */
export const ends = (secret: string) => ({ first4: secret.slice(4, 8), last4: secret.slice(-4) });

/** Finds keys in any text, for refusing and for redacting them. */
export const secretPattern = new RegExp(`cp[atw]_[0-9A-Za-z]{${bodyLength + checkLength}}`, "g");

/** On numbers, because it is done for every request and big integers are slow. */
function checksum(body: string): string {
  let rest = crc32(body);
  let text = "";
  for (let i = 0; i < checkLength; i++) {
    text = alphabet[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

function base62(value: bigint, length: number): string {
  let rest = value;
  let text = "";
  for (let i = 0; i < length; i++) {
    text = alphabet[Number(rest % 62n)] + text;
    rest /= 62n;
  }
  return text;
}
