import type { Hyperparameters, TrainerKind, TuningExtent } from "#db/schema/tuning.ts";
import type { DataSet } from "#lib/engine/training/port.ts";

/** As much of a data set as is read while someone waits for an answer. */
export const glanceBytes = 8 * 2 ** 20;

/** Tokens a second until a job of the model has shown it. */
const usualRate: Record<TrainerKind, number> = { embedded: 50_000, forward: 2000, pull: 2000 };
/** Seconds beside the training itself: the embedded trainer takes its time, so that people can watch; others queue. */
const paceSeconds: Record<TrainerKind, number> = { embedded: 10, forward: 60, pull: 60 };

export const secondsFor = (tokens: number, kind: TrainerKind, rate: number | null): number =>
  Math.ceil(tokens / (rate && rate > 0 ? rate : usualRate[kind]) + paceSeconds[kind]);

/** Above so many epochs a model mostly learns its data by heart. */
export const manyEpochs = 20;

export const epochsWarning = ({ epochs, steps }: Pick<TuningExtent, "epochs" | "steps">): string | null =>
  epochs > manyEpochs
    ? `${steps.toLocaleString("en-IE")} steps go through the data ${Math.round(epochs).toLocaleString("en-IE")} times. Above ${manyEpochs} a model mostly learns its data by heart.`
    : null;

/** The whole lines among the first bytes of a data set, and how many times as long all of it is. */
export function glanceAt(set: DataSet): { set: DataSet; factor: number } {
  if (set.bytes <= glanceBytes) return { set, factor: 1 };
  return { set: { ...set, open: async () => firstLines(await set.open()) }, factor: set.bytes / glanceBytes };
}

async function* firstLines(pieces: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let left = glanceBytes;
  for await (const piece of pieces) {
    if (piece.length < left) yield piece;
    else {
      const last = piece.subarray(0, left).lastIndexOf(10);
      if (last >= 0) yield piece.subarray(0, last + 1);
      return;
    }
    left -= piece.length;
  }
}

/** What a part of the data says of all of it. A number of steps that was asked for stays; epochs are as many as asked for. */
export function scaled(
  extent: TuningExtent,
  factor: number,
  { training_steps: asked, epochs }: Hyperparameters,
): TuningExtent {
  if (factor === 1) return extent;
  const isFixed = asked !== null && epochs === null;
  const more = (amount: number): number => Math.round(amount * factor);
  return {
    ...extent,
    samples: more(extent.samples),
    dataTokens: more(extent.dataTokens),
    steps: isFixed ? extent.steps : more(extent.steps),
    epochs: isFixed ? extent.epochs / factor : extent.epochs,
    trainTokens: isFixed ? extent.trainTokens : more(extent.trainTokens),
  };
}
