import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from "node:crypto";
import { randomSlice } from "#db/random.ts";
import { env } from "./env.ts";
import { Fault } from "./errors.ts";

const oldHead = Buffer.from([1]);
const head = Buffer.from([4]);
const ivLength = 12;
const tagLength = 16;

let pepper: KeyObject | undefined;
let contentKey: KeyObject | undefined;
let recordKey: KeyObject | undefined;

/** HMAC-SHA-256 under the installation's pepper: what is stored instead of a secret that only needs comparing. */
export function keyedHash(secret: string): string {
  // A KeyObject made once is seven times faster than passing bytes each time.
  pepper ??= createSecretKey(Buffer.from(env().KEY_PEPPER));
  return createHmac("sha256", pepper).update(secret).digest("base64url");
}

/** Whether a signature that came back is the one `keyedHash` gives for a text, in a time that tells nothing of it. */
export function isKeyedHash(given: string, text: string): boolean {
  const [sent, right] = [Buffer.from(given), Buffer.from(keyedHash(text))];
  return sent.length === right.length && timingSafeEqual(sent, right);
}

/** One-way values that show, beside those kept in the database, whether a secret is still the same. */
export function checkValues(): Record<"KEY_PEPPER" | "CONTENT_KEY" | "AUTH_SECRET", string> {
  const { KEY_PEPPER, CONTENT_KEY, AUTH_SECRET } = env();
  const of = (secret: string) => createHmac("sha256", secret).update("comptoir: check value").digest("base64url");
  return { KEY_PEPPER: of(KEY_PEPPER), CONTENT_KEY: of(CONTENT_KEY), AUTH_SECRET: of(AUTH_SECRET) };
}

export const sha256 = (text: string | Buffer): string => createHash("sha256").update(text).digest("hex");

/** AES-256-GCM under a key. What stands before it is readable and cannot be changed; `label` must be the same to open. */
export function sealUnder(key: KeyObject, head: Buffer, plain: Buffer, label: string): Buffer {
  const iv = randomSlice(ivLength);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(Buffer.concat([head, Buffer.from(label)]));
  return Buffer.concat([head, iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what `sealUnder` closed; throws when a byte, the key or the label is not the one that was sealed with. */
export function openUnder(key: KeyObject, headLength: number, sealed: Buffer, label: string): Buffer {
  const start = headLength + ivLength;
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(headLength, start));
  decipher.setAAD(Buffer.concat([sealed.subarray(0, headLength), Buffer.from(label)]));
  decipher.setAuthTag(sealed.subarray(-tagLength));
  return Buffer.concat([decipher.update(sealed.subarray(start, -tagLength)), decipher.final()]);
}

/** The same for records of the house: secrets of webhooks and second factors, signed orders, what people wrote to staff. */
export const seal = (plain: Buffer, label: string): Buffer => sealUnder(recordKeyOf(), head, plain, label);

/** Opens what `seal` closed, now or in earlier versions; throws when a byte or the label is not the one that was sealed. */
export const open = (sealed: Buffer, label: string): Buffer =>
  sealed[0] === head[0] ? openUnder(recordKeyOf(), head.length, sealed, label) : openByContentKey(sealed, label);

/** Whether an earlier version sealed it, under the content key itself. */
export const isSealedBefore = (sealed: Buffer): boolean => sealed[0] === oldHead[0];

/** Under the content key itself, which the process of the pages does not have. */
export function sealByContentKey(plain: Buffer, label: string): Buffer {
  const iv = randomSlice(ivLength);
  const cipher = createCipheriv("aes-256-gcm", contentKeyOf(), iv);
  cipher.setAAD(Buffer.from(label));
  return Buffer.concat([oldHead, iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

export function openByContentKey(sealed: Buffer, label: string): Buffer {
  if (!isSealedBefore(sealed)) throw new Fault("The sealed value has an unknown version.");
  const decipher = createDecipheriv("aes-256-gcm", contentKeyOf(), sealed.subarray(1, 1 + ivLength));
  decipher.setAAD(Buffer.from(label));
  decipher.setAuthTag(sealed.subarray(-tagLength));
  return Buffer.concat([decipher.update(sealed.subarray(1 + ivLength, -tagLength)), decipher.final()]);
}

/** Whether this process can open customers' content at all. */
export const hasContentKey = (): boolean => env().CONTENT_KEY !== "none";

function contentKeyOf(): KeyObject {
  if (!hasContentKey()) throw new Fault("This process has no content key.");
  contentKey ??= createSecretKey(Buffer.from(env().CONTENT_KEY, "base64url"));
  return contentKey;
}

/** The key of records, which the content key gives and which does not give it back, in base64url. */
export const recordKeyText = (): string =>
  env().RECORD_KEY ??
  Buffer.from(hkdfSync("sha256", contentKeyOf().export(), "", "comptoir: records", 32)).toString("base64url");

function recordKeyOf(): KeyObject {
  recordKey ??= createSecretKey(Buffer.from(recordKeyText(), "base64url"));
  return recordKey;
}
