import { randomFillSync } from "node:crypto";

const pool = Buffer.allocUnsafe(8192);
let used = pool.length;

/** Fresh random bytes, drawn from the system in large gulps, because a draw for each id costs more than the id. */
export function randomSlice(length: number): Buffer {
  if (used + length > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const slice = Buffer.from(pool.subarray(used, used + length));
  // Used bytes are wiped, so that none is ever given out twice or found in memory later.
  pool.fill(0, used, used + length);
  used += length;
  return slice;
}
