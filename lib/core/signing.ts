import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from "node:crypto";
import { env } from "./env.ts";

// RFC 8410: what stands before the 32 bytes of an Ed25519 key in PKCS #8 and in a SubjectPublicKeyInfo.
const privateHead = Buffer.from("302e020100300506032b657004220420", "hex");
const publicHead = Buffer.from("302a300506032b6570032100", "hex");

type SigningKey = { id: string; privateKey: KeyObject; publicKey: string };
let own: SigningKey | undefined;

/** This installation's Ed25519 key. It comes from the pepper, which every process has and which never changes. */
export function signingKey(): SigningKey {
  own ??= keyFrom(env().KEY_PEPPER);
  return own;
}

export function keyFrom(secret: string): SigningKey {
  const seed = Buffer.from(hkdfSync("sha256", secret, "", "comptoir: receipts", 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([privateHead, seed]), format: "der", type: "pkcs8" });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  const publicKey = spki.subarray(publicHead.length).toString("base64url");
  return { id: idOfKey(publicKey), privateKey, publicKey };
}

/** The first 16 hexadecimal digits of the SHA-256 of the key's 32 bytes. */
export const idOfKey = (publicKey: string): string =>
  createHash("sha256").update(Buffer.from(publicKey, "base64url")).digest("hex").slice(0, 16);

export const signText = (text: string): string =>
  sign(null, Buffer.from(text), signingKey().privateKey).toString("base64url");

/** Whether a text was signed with the key whose 32 public bytes these are, in base64url. */
export function isSigned(text: string, signature: string, publicKey: string): boolean {
  const bytes = Buffer.from(publicKey, "base64url");
  if (bytes.length !== 32) return false;
  const key = createPublicKey({ key: Buffer.concat([publicHead, bytes]), format: "der", type: "spki" });
  return verify(null, Buffer.from(text), key, Buffer.from(signature, "base64url"));
}
