import { seeded } from "#lib/engine/tiny/random.ts";

/** Samples an update learns from. */
export const batch = 8;

/** The order of an epoch, from the seed and its number alone (Fisher-Yates): a step knows its samples without a state. */
export function orderOf(count: number, seed: number, epoch: number): Uint32Array {
  const random = seeded((seed ^ Math.imul(epoch + 1, 0x9e3779b1)) >>> 0);
  const order = Uint32Array.from({ length: count }, (_, at) => at);
  for (let at = count - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    const kept = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = kept;
  }
  return order;
}

/** How often a sample of a file with this weight is in an epoch: the whole part of it, and once more for some. */
export function copiesOf(weight: number, seed: number, sample: number): number {
  const whole = Math.floor(weight);
  const share = seeded((seed ^ Math.imul(sample + 1, 0x85ebca6b)) >>> 0)();
  return whole + (share < weight - whole ? 1 : 0);
}

/** Samples that are kept back to measure by, chosen by the seed. */
export function heldOutOf(count: number, seed: number): Set<number> {
  const held = count < 20 ? 0 : Math.min(200, Math.floor(count * 0.05));
  return new Set(orderOf(count, seed ^ 0x5bd1e995, 0).subarray(0, held));
}
