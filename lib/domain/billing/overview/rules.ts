import { nextThreshold, type Thresholds } from "#lib/domain/billing/cycles/rules.ts";

const picoPerCent = 10_000_000_000n;
/** Steps beyond the published amounts go on without end; this many of them are shown at most. */
const mostSteps = 4;

/** Every published threshold and the steps after them, as far as the first one that is still ahead. */
export function ladderOf(thresholds: Thresholds, reachedCents: bigint): bigint[] {
  const rungs = [...thresholds.amounts];
  const last = rungs.at(-1) ?? 0n;
  const ahead = nextThreshold(thresholds, reachedCents > last ? reachedCents : last);
  if (ahead === null || thresholds.step === null) return rungs;
  const steps: bigint[] = [];
  for (let at = ahead; at > last && steps.length < mostSteps; at -= thresholds.step) steps.unshift(at);
  return [...rungs, ...steps];
}

/** What is charged next and when: the next threshold that use can meet, whatever was charged before. */
export const nextOf = (thresholds: Thresholds, usedPico: bigint, chargedCents: bigint): bigint | null => {
  const usedCents = usedPico / picoPerCent;
  return nextThreshold(thresholds, usedCents > chargedCents ? usedCents : chargedCents);
};

/** Tenths of a per cent of an amount, for a bar; never more than the whole. */
export function tenthsOf(part: bigint, whole: bigint): number {
  if (whole <= 0n) return 1000;
  const tenths = (part * 1000n) / whole;
  return Number(tenths > 1000n ? 1000n : tenths);
}
