import type { TrainerKind } from "#db/schema/tuning.ts";
import type { LogLine, Point } from "#lib/engine/training/port.ts";

/** A process of ours renews often and is told at once; a worker elsewhere has a minute. */
export const leaseSeconds: Record<TrainerKind, number> = { embedded: 30, forward: 60, pull: 60 };
/** Trainers renew a quarter of the way through the longest lease. */
export const renewSeconds = 15;

/** So many turns in a row that were lost without a new step: no further one is given. */
export const fruitlessMost = 5;

/** Points that are kept of a series: each of this many parts of the way keeps its lowest and its highest. */
export const pointParts = 300;
/** Points are thinned out once there are so many. */
export const pointsMost = 4 * pointParts;
/** What one report can bring. */
export const pointsAtOnce = 2000;

const lossMost = 1e6;
const within = (value: number | null, low: number, high: number): number | null =>
  value !== null && Number.isFinite(value) && value >= low && value <= high ? value : null;

/** A point as far as it can be believed; null where it is of no step there is. Step 0 is the base, before it learns. */
export function soundPoint(point: Point, stepsMost: number): Point | null {
  const { step } = point;
  if (!Number.isInteger(step) || step < 0 || step > stepsMost) return null;
  return {
    step,
    trainLoss: within(point.trainLoss, 0, lossMost),
    validLoss: within(point.validLoss, 0, lossMost),
    accuracy: within(point.accuracy, 0, 1),
    learningRate: within(point.learningRate, 0, 1e3),
    tokens: within(point.tokens, 0, Number.MAX_SAFE_INTEGER),
  };
}

const logBytesAtOnce = 64 * 1024;
export const logBytesMost = 5 * 1024 * 1024;

/** Lines of a log that fit into what is left, without what a terminal would obey. */
export function soundLog(lines: readonly LogLine[], bytesLeft: number): (LogLine & { bytes: number })[] {
  let left = Math.min(logBytesAtOnce, bytesLeft);
  const kept: (LogLine & { bytes: number })[] = [];
  for (const { at, level, text } of lines) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
    const clean = text.toWellFormed().replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
    const bytes = Buffer.byteLength(clean);
    if (bytes > left) break;
    left -= bytes;
    kept.push({ at, level, text: clean, bytes });
  }
  return kept;
}

type Measured = { step: number; validLoss: number | null; trainLoss: number | null };

/** The step with the lowest loss on what was not trained on or, where none was measured, on what was. */
export function bestStep(checkpoints: readonly Measured[]): number | null {
  const lossOf = ({ validLoss, trainLoss }: Measured) => validLoss ?? trainLoss ?? Number.POSITIVE_INFINITY;
  const measured = checkpoints.filter(({ validLoss }) => validLoss !== null);
  const [best] = (measured.length > 0 ? measured : [...checkpoints]).toSorted(
    (a, b) => lossOf(a) - lossOf(b) || a.step - b.step,
  );
  return best?.step ?? null;
}

/** The checkpoints that keep their weights: the last two, and the best. */
export function keptSteps(checkpoints: readonly Measured[]): ReadonlySet<number> {
  const steps = checkpoints.map(({ step }) => step).toSorted((a, b) => b - a);
  const best = bestStep(checkpoints);
  return new Set([...steps.slice(0, 2), ...(best === null ? [] : [best])]);
}
