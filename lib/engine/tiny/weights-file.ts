import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Cells } from "./table.ts";

const digestBytes = 32;

/** Writes beside the file and renames, so that no reader ever meets half of it. */
export async function writeWeights(file: string, cells: Cells): Promise<void> {
  const lengths = Uint32Array.of(cells.features.length, cells.ids.length);
  const body = Buffer.concat([lengths, cells.features, cells.starts, cells.weights, cells.ids].map(bytesOf));
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, Buffer.concat([body, digestOf(body)]));
  await rename(draft, file);
}

/** The weights, or nothing when the file is missing or not what was written. */
export async function readWeights(file: string): Promise<Cells | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  if (!bytes || bytes.length < 8 + digestBytes) return undefined;
  const body = bytes.subarray(0, -digestBytes);
  if (!digestOf(body).equals(bytes.subarray(-digestBytes))) return undefined;
  const buffer = body.buffer.slice(body.byteOffset, body.byteOffset + body.length);
  const [features = 0, cells = 0] = new Uint32Array(buffer, 0, 2);
  const starts = 8 + features * 4;
  const weights = starts + (features + 1) * 4;
  return {
    features: new Uint32Array(buffer, 8, features),
    starts: new Uint32Array(buffer, starts, features + 1),
    weights: new Float32Array(buffer, weights, cells),
    ids: new Uint16Array(buffer, weights + cells * 4, cells),
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
const digestOf = (body: Buffer): Buffer => createHash("sha256").update(body).digest();
