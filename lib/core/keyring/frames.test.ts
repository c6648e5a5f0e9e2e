import { createSecretKey, randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { frameBytes, openFrames, sealFrames, storedStart } from "./frames.ts";

const sealing = () => ({ key: createSecretKey(randomBytes(32)), label: "blb_1" });

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const piece of pieces) read.push(Buffer.from(piece));
  return Buffer.concat(read);
}

/** Pieces of a content, cut where the numbers say. */
function cut(content: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, n = 0; at < content.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    pieces.push(content.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const edges = [0, 1, frameBytes - 1, frameBytes, frameBytes + 1, 2 * frameBytes, 3 * frameBytes + 7];
const sizes = fc.array(fc.integer({ min: 1, max: 3 * frameBytes }), { minLength: 1, maxLength: 5 });

test("fine-tuning: a content comes back byte for byte, whatever pieces it and what is stored are cut into", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...edges), sizes, sizes, async (length, given, read) => {
      const [one, content] = [sealing(), randomBytes(length)];
      const stored = await whole(sealFrames(one, cut(content, given)));
      const opened = openFrames(one, { bytes: length, from: 0 }, cut(stored, read));
      expect((await whole(opened)).equals(content)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("fine-tuning: any frame on opens without what is before it", async () => {
  const [one, content] = [sealing(), randomBytes(3 * frameBytes + 7)];
  const stored = await whole(sealFrames(one, [content]));
  for (const from of [0, 1, 2, 3]) {
    const opened = openFrames(one, { bytes: content.length, from }, [stored.subarray(storedStart(from))]);
    expect((await whole(opened)).equals(content.subarray(from * frameBytes))).toBe(true);
  }
});

test("fine-tuning: what is changed, cut off, swapped, repeated, prolonged or another's is noticed", async () => {
  const [one, content] = [sealing(), randomBytes(2 * frameBytes + 100)];
  const stored = await whole(sealFrames(one, [content]));
  const frame = (index: number) => stored.subarray(storedStart(index), storedStart(index + 1));
  const open = (bytes: Buffer, with_ = one) => whole(openFrames(with_, { bytes: content.length, from: 0 }, [bytes]));
  for (const at of [0, frameBytes, storedStart(1), storedStart(2) + 50, stored.length - 1]) {
    const changed = Buffer.from(stored);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await expect(open(changed), String(at)).rejects.toThrow();
  }
  const wrong = {
    empty: Buffer.alloc(0),
    cut: stored.subarray(0, -1),
    "without its last frame": stored.subarray(0, storedStart(2)),
    "the first frame alone": frame(0),
    swapped: Buffer.concat([frame(1), frame(0), frame(2)]),
    repeated: Buffer.concat([frame(0), frame(0), frame(2)]),
    prolonged: Buffer.concat([stored, Buffer.from("x")]),
    "with one frame more": Buffer.concat([stored, frame(0)]),
  };
  for (const [name, bytes] of Object.entries(wrong)) await expect(open(bytes), name).rejects.toThrow();
  await expect(open(stored, sealing())).rejects.toThrow();
  await expect(open(stored, { ...one, label: "blb_2" })).rejects.toThrow();
  // A shorter length makes another frame the last one.
  await expect(whole(openFrames(one, { bytes: frameBytes, from: 0 }, [frame(0)]))).rejects.toThrow();
});
