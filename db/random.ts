import { randomFillSync } from "node:crypto";

const pool = Buffer.alloc(8192);
let used = pool.length;

/** A fresh random byte. They are drawn from the system in large gulps, because a draw for each id costs more than the id. */
export function randomByte(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const byte = pool[used] ?? 0;
  // Wiped, so that none is ever given out twice or found in memory later.
  pool[used++] = 0;
  return byte;
}

export const randomSlice = (length: number): Buffer => Buffer.from(Array.from({ length }, randomByte));
