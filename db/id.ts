import { randomByte } from "./random.ts";

/** One prefix for each kind of thing that has an id; the prefix is part of the type. */
export const prefixes = {
  organization: "org",
  workspace: "ws",
  user: "usr",
  session: "ses",
  token: "tok",
  authenticator: "totp",
  passkey: "pk",
  domain: "dom",
  device: "dev",
  staff: "stf",
  document: "doc",
  acceptance: "acc",
  key: "key",
  request: "req",
  letter: "let",
  audit: "evt",
  lessee: "lse",
  override: "ovr",
  rateRequest: "rlr",
  invitation: "inv",
  group: "grp",
  look: "lok",
  webhookEndpoint: "whe",
  webhookEvent: "wev",
  webhookDelivery: "whd",
  contactChange: "cch",
} as const;

export type IdKind = keyof typeof prefixes;
export type Id<K extends IdKind> = `${(typeof prefixes)[K]}_${string}`;

// Crockford's base 32 in lower case: digits before letters, so ids sort by birth under every collation.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const codes = Buffer.from(alphabet, "latin1");
const timeLength = 10;
const randomLength = 16;
const letters = Buffer.alloc(timeLength + randomLength);

/** A new id: 48 bits of time and 80 random bits, so that ids sort by the moment they were made. */
export function newId<K extends IdKind>(kind: K, now: Date): Id<K> {
  let time = now.getTime();
  for (let i = timeLength - 1; i >= 0; i--) {
    letters[i] = codes[time % 32] ?? 0;
    time = Math.floor(time / 32);
  }
  for (let i = timeLength; i < letters.length; i++) letters[i] = codes[randomByte() & 31] ?? 0;
  return `${prefixes[kind]}_${letters.toString("latin1")}`;
}

/** The moment an id was made. */
export function timeOf(id: Id<IdKind>): Date {
  const text = id.slice(id.indexOf("_") + 1, id.indexOf("_") + 1 + timeLength);
  let time = 0;
  for (const letter of text) time = time * 32 + alphabet.indexOf(letter);
  return new Date(time);
}

export function isId<K extends IdKind>(kind: K, text: string): text is Id<K> {
  return new RegExp(`^${prefixes[kind]}_[0-9a-hjkmnp-tv-z]{26}$`).test(text);
}
