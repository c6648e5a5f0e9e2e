import { createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { Fault } from "#lib/core/errors.ts";
import { openUnder, sealUnder } from "#lib/core/secrets.ts";

const version = 2;
/** The version and the hour. */
const headLength = 5;

export const secretKeyOf = (plain: Buffer): KeyObject => createSecretKey(plain);
const keyOf = (text: string): KeyObject => secretKeyOf(Buffer.from(text, "base64url"));

/** The key of what one workspace asked in one hour: it is gone when either the hour's or the workspace's is. */
export const contentKeyOf = (hourKey: string, scopeKey: Buffer, workspaceId: string): KeyObject =>
  createSecretKey(
    Buffer.from(hkdfSync("sha256", Buffer.from(hourKey, "base64url"), scopeKey, `content of ${workspaceId}`, 32)),
  );

/** Seals a pack of the content log; the hour stands before it, so that its key can be found. */
export function sealContent(key: KeyObject, hour: number, plain: Buffer, label: string): Buffer {
  const head = Buffer.alloc(headLength);
  head.writeUInt8(version, 0);
  head.writeUInt32BE(hour, 1);
  return sealUnder(key, head, plain, label);
}

/** The hour a pack was sealed for; null of those that were sealed before hours had keys. */
export const hourSealed = (sealed: Buffer): number | null => (sealed[0] === version ? sealed.readUInt32BE(1) : null);

export function openSealedContent(key: KeyObject, sealed: Buffer, label: string): Buffer {
  if (sealed[0] !== version) throw new Fault("The sealed content has an unknown version.");
  return openUnder(key, headLength, sealed, label);
}

const none = Buffer.alloc(0);

/** Whose key of the content log it is. */
export const ownerOf = ({ organizationId, workspaceId }: { organizationId: string; workspaceId: string }): string =>
  `${organizationId} ${workspaceId}`;

/** Wraps a key under a ring's, for one owner alone. */
export const wrapKey = (ring: { key: string }, plain: Buffer, owner: string): Buffer =>
  sealUnder(keyOf(ring.key), none, plain, owner);

export const unwrapKey = (ring: { key: string }, wrapped: Buffer, owner: string): Buffer =>
  openUnder(keyOf(ring.key), 0, wrapped, owner);
