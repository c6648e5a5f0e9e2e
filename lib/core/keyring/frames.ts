import { createCipheriv, createDecipheriv, type KeyObject } from "node:crypto";
import { Fault } from "#lib/core/errors.ts";
import type { Pieces } from "#lib/core/storage/port.ts";

/** Content is sealed in pieces of this size, the last one smaller, so that any part of it can be opened alone. */
export const frameBytes = 64 * 1024;
const tagBytes = 16;
const sealedBytes = frameBytes + tagBytes;

/** One key seals one content once, so the number of a frame is a nonce that never repeats. */
function nonceOf(index: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(index, 6, 6);
  return nonce;
}

/** What a frame is: of what, in which place, and whether it ends it. So none can be moved, left out or cut off unnoticed. */
const placeOf = (label: string, index: number, isLast: boolean): Buffer =>
  Buffer.from(`${label} frame ${index}${isLast ? " last" : ""}`);

type Sealing = { key: KeyObject; label: string };

function sealFrame({ key, label }: Sealing, index: number, isLast: boolean, plain: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonceOf(index));
  cipher.setAAD(placeOf(label, index, isLast));
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function openFrame({ key, label }: Sealing, index: number, isLast: boolean, sealed: Buffer): Buffer {
  if (sealed.length < tagBytes) throw cutOff();
  const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(index));
  decipher.setAAD(placeOf(label, index, isLast));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]);
}

const cutOff = (): Fault => new Fault("A sealed content ends before it should.");

/** Pieces of any size as pieces of one, of which the last may be shorter. The buffer of a piece is used again for the next. */
async function* cutTo(size: number, pieces: Pieces): AsyncIterable<Buffer> {
  const held = Buffer.alloc(size);
  let length = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      if (length === size) {
        yield held;
        length = 0;
      }
      const taken = Math.min(size - length, piece.length - at);
      held.set(piece.subarray(at, at + taken), length);
      length += taken;
      at += taken;
    }
  }
  yield held.subarray(0, length);
}

/** Seals a content as it comes, however it is cut. */
export async function* sealFrames(sealing: Sealing, pieces: Pieces): AsyncIterable<Buffer> {
  let index = 0;
  let before: Buffer | undefined;
  for await (const frame of cutTo(frameBytes, pieces)) {
    if (before) yield sealFrame(sealing, index++, false, before);
    before = Buffer.from(frame);
  }
  yield sealFrame(sealing, index, true, before ?? Buffer.alloc(0));
}

/** The first byte of a frame in what is stored. */
export const storedStart = (frame: number): number => frame * sealedBytes;

/** Opens what is stored from a frame on; `bytes` is how long the whole content is. */
export async function* openFrames(
  sealing: Sealing,
  { bytes, from }: { bytes: number; from: number },
  stored: Pieces,
): AsyncIterable<Buffer> {
  const last = Math.max(0, Math.ceil(bytes / frameBytes) - 1);
  let index = from;
  for await (const frame of cutTo(sealedBytes, stored)) {
    yield openFrame(sealing, index, index === last, frame);
    index += 1;
  }
  if (index <= last) throw cutOff();
}
