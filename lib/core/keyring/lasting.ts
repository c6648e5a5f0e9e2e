import { type KeyObject, randomBytes } from "node:crypto";
import type { Sealed } from "#db/columns.ts";
import { Fault } from "#lib/core/errors.ts";
import { openUnder, sealUnder } from "#lib/core/secrets.ts";
import type { Keyring, Ring } from "./document.ts";
import { durableRing, forgetKeyring } from "./keyring.ts";
import { secretKeyOf, unwrapKey, wrapKey } from "./sealing.ts";

/** Of things that are kept until they are deleted. */
const head = Buffer.from([3]);
const ringLength = 4;

/** A key of one thing's own, and the same wrapped under the durable ring, whose id stands before it. */
export type LastingKey = { key: KeyObject; wrapped: Buffer };

const wrap = (ring: Ring, plain: Buffer, owner: string): Buffer =>
  Buffer.concat([Buffer.from(ring.id, "hex"), wrapKey(ring, plain, owner)]);

/** Makes a thing's key. It is the owner's alone: wrapped for one, it opens nothing for another. */
export async function newLastingKey(owner: string): Promise<LastingKey> {
  const [newest] = await durableRing();
  if (!newest) throw new Fault("The keyring has no durable ring.");
  const plain = randomBytes(32);
  return { key: secretKeyOf(plain), wrapped: wrap(newest, plain, owner) };
}

export async function lastingKey(wrapped: Buffer, owner: string): Promise<LastingKey> {
  // Another process may have turned the ring meanwhile.
  const ring = ringOf(await durableRing(), wrapped) ?? ringOf(await reread(), wrapped);
  if (!ring) throw new Fault("A key is wrapped under a durable ring that is not in the keyring.");
  return { key: secretKeyOf(unwrapKey(ring, wrapped.subarray(ringLength), owner)), wrapped };
}

function reread(): Promise<Keyring["durable"]> {
  forgetKeyring();
  return durableRing();
}

/** The id of the ring that a key is wrapped under. */
export const ringIdOf = (wrapped: Buffer): string => wrapped.subarray(0, ringLength).toString("hex");

const ringOf = (rings: Keyring["durable"], wrapped: Buffer): Ring | undefined =>
  rings.find(({ id }) => id === ringIdOf(wrapped));

/** The same key under the newest ring; null where no ring opens it. */
export function wrapLastingAnew(keyring: Keyring, wrapped: Buffer, owner: string): Buffer | null {
  const [newest] = keyring.durable;
  const ring = ringOf(keyring.durable, wrapped);
  return newest && ring ? wrap(newest, unwrapKey(ring, wrapped.subarray(ringLength), owner), owner) : null;
}

/** Seals a value as JSON, for one place alone. */
export const sealLasting = (key: LastingKey, value: unknown, label: string): Sealed =>
  sealLastingBytes(key, Buffer.from(JSON.stringify(value)), label);

/** The same for bytes as they are. */
export const sealLastingBytes = ({ key }: LastingKey, plain: Buffer, label: string): Sealed =>
  sealUnder(key, head, plain, label) as Sealed;

export function openLastingBytes({ key }: LastingKey, sealed: Buffer, label: string): Buffer {
  if (sealed[0] !== head[0]) throw new Fault("The sealed value has an unknown version.");
  return openUnder(key, head.length, sealed, label);
}

/** What was sealed; the one who reads knows what they sealed there. */
export const openLasting = <T>(key: LastingKey, sealed: Sealed, label: string): T =>
  JSON.parse(openLastingBytes(key, sealed, label).toString()) as T;
