import { randomBytes } from "node:crypto";

export const codesAtOnce = 10;
const letters = "0123456789abcdefghjkmnpqrstvwxyz";
const half = 5;

/** Fifty random bits in two groups, without letters that look like others: "k3f9x-7m2qd". */
export function newCode(): string {
  const text = [...randomBytes(2 * half)].map((byte) => letters[byte & 31]).join("");
  return `${text.slice(0, half)}-${text.slice(half)}`;
}

/** What was meant, however it was copied from paper; null when it cannot be a code. */
export function readCode(typed: string): string | null {
  const bare = typed.toLowerCase().replace(/[\s-]/g, "").replace(/o/g, "0").replace(/[il]/g, "1");
  if (bare.length !== 2 * half || [...bare].some((letter) => !letters.includes(letter))) return null;
  return `${bare.slice(0, half)}-${bare.slice(half)}`;
}
