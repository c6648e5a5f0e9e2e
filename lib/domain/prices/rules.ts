import { addDays } from "#lib/core/clock.ts";
import { decimalString, micros, type Price, pico, type TuningPrice } from "#lib/core/money.ts";

/** Days before a list price may rise (T-7-SUB). */
export const noticeDays = 30;

/** All of a version: what tokens cost, and what tuning costs where the model can be tuned. */
export type ModelPrice = Price & { tuning: TuningPrice | null };

/** Whether any part of a price is above what it was. What could not be had before has no price to rise from. */
export const isIncrease = (before: ModelPrice, after: ModelPrice): boolean => {
  const [old, fresh] = [amountsOf(before), amountsOf(after)];
  return Object.keys(old).some((name) => (fresh[name] ?? 0n) > (old[name] ?? 0n));
};

const amountsOf = ({ tuning, ...price }: ModelPrice): Record<string, bigint> => ({ ...price, ...tuning });

type Columns = { trainingMicros: bigint | null; trainingMinimumPico: bigint | null; storageMonthPico: bigint | null };

export const tuningPriceOf = ({
  trainingMicros,
  trainingMinimumPico,
  storageMonthPico,
}: Columns): TuningPrice | null =>
  trainingMicros === null
    ? null
    : {
        trainingMicros: micros(trainingMicros),
        trainingMinimumPico: pico(trainingMinimumPico ?? 0n),
        storageMonthPico: pico(storageMonthPico ?? 0n),
      };

/** A version of before as the database has it. */
export const modelPriceOf = (row: Columns & Record<keyof Price, bigint>): ModelPrice => ({
  inputMicros: micros(row.inputMicros),
  cachedInputMicros: micros(row.cachedInputMicros),
  outputMicros: micros(row.outputMicros),
  tuning: tuningPriceOf(row),
});

/** In euros, for a million tokens where it is of tokens, as staff wrote it. */
export const eurosOf = ({ inputMicros, cachedInputMicros, outputMicros, tuning }: ModelPrice) => ({
  prompt: decimalString(inputMicros * 1_000_000n),
  prompt_cached: decimalString(cachedInputMicros * 1_000_000n),
  answer: decimalString(outputMicros * 1_000_000n),
  ...(tuning && {
    training: decimalString(tuning.trainingMicros * 1_000_000n),
    training_minimum: decimalString(tuning.trainingMinimumPico),
    storage_month: decimalString(tuning.storageMonthPico),
  }),
});

/** The first instant a new price may hold from: lower ones at once, higher ones after notice. */
export const earliestFrom = (before: ModelPrice | undefined, after: ModelPrice, now: Date): Date =>
  before && isIncrease(before, after) ? addDays(now, noticeDays) : now;
