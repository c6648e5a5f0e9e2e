import { AppError } from "#lib/core/errors.ts";
import { hashText } from "./hash.ts";

const dimensions = 256;

/** Hashed groups of three to five characters and whole words, weighed by the root of their count, of length one. */
export function embed(text: string, wanted: number = dimensions): number[] {
  if (wanted > dimensions) {
    throw new AppError("invalid", `tiny-embed-1 has ${dimensions} dimensions; ${wanted} were asked for.`);
  }
  const vector = new Float64Array(dimensions);
  for (const [hash, times] of groupsOf(` ${text.toLowerCase().replace(/\s+/g, " ").trim()} `)) {
    const at = hash % dimensions;
    const sign = hash & 0x10000 ? 1 : -1;
    vector[at] = (vector[at] ?? 0) + sign * Math.sqrt(times);
  }
  const kept = vector.subarray(0, wanted);
  const length = Math.hypot(...kept);
  // An empty direction would make every similarity 0/0.
  if (length === 0) return Array.from(kept, (_, at) => (at === 0 ? 1 : 0));
  return Array.from(kept, (value) => value / length);
}

function groupsOf(text: string): Map<number, number> {
  const counts = new Map<number, number>();
  const count = (hash: number): void => {
    counts.set(hash, (counts.get(hash) ?? 0) + 1);
  };
  for (let size = 3; size <= 5; size++) {
    for (let at = 0; at + size <= text.length; at++) count(hashText(text, at, at + size));
  }
  for (const word of text.split(/[^\p{L}\p{N}]+/u)) if (word !== "") count(hashText(`=${word}`));
  return counts;
}
