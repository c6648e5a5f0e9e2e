import { createCipheriv, createDecipheriv, createHash, createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { randomSlice } from "#db/random.ts";
import { env } from "./env.ts";
import { Fault } from "./errors.ts";

const sealVersion = 1;
const ivLength = 12;
const tagLength = 16;

let pepper: KeyObject | undefined;
let contentKey: KeyObject | undefined;

/** HMAC-SHA-256 under the installation's pepper: what is stored instead of a secret that only needs comparing. */
export function keyedHash(secret: string): string {
  // A KeyObject made once is seven times faster than passing bytes each time.
  pepper ??= createSecretKey(Buffer.from(env().KEY_PEPPER));
  return createHmac("sha256", pepper).update(secret).digest("base64url");
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

/** The same under the installation's content key. */
export function seal(plain: Buffer, label: string): Buffer {
  const iv = randomSlice(ivLength);
  const cipher = createCipheriv("aes-256-gcm", key(), iv);
  cipher.setAAD(Buffer.from(label));
  return Buffer.concat([Buffer.from([sealVersion]), iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what `seal` closed; throws when a byte or the label is not the one that was sealed. */
export function open(sealed: Buffer, label: string): Buffer {
  if (sealed[0] !== sealVersion) throw new Fault("The sealed value has an unknown version.");
  const decipher = createDecipheriv("aes-256-gcm", key(), sealed.subarray(1, 1 + ivLength));
  decipher.setAAD(Buffer.from(label));
  decipher.setAuthTag(sealed.subarray(-tagLength));
  return Buffer.concat([decipher.update(sealed.subarray(1 + ivLength, -tagLength)), decipher.final()]);
}

function key(): KeyObject {
  contentKey ??= createSecretKey(Buffer.from(env().CONTENT_KEY, "base64url"));
  return contentKey;
}
