import type { TuningExtent } from "#db/schema/tuning.ts";
import type { DataSet, TrainingTask } from "./port.ts";

const samplesAStep = 8;
const epochsByDefault = 3;
const bytesAToken = 4;

type Asked = Pick<TrainingTask, "training" | "validation" | "hyperparameters" | "seed" | "skipShare"> & {
  baseModel?: string;
};
type Counted = { samples: number; tokens: number; wrong: number };

/** What a training of these data will be. */
export async function measureExtent({ training, validation, hyperparameters }: Asked): Promise<TuningExtent> {
  const [data, checks] = [await countAll(training), await countAll(validation)];
  const stepsAnEpoch = Math.max(1, Math.ceil(data.samples / samplesAStep));
  const byEpochs = Math.ceil(stepsAnEpoch * (hyperparameters.epochs ?? epochsByDefault));
  const { training_steps: asked, epochs } = hyperparameters;
  const steps = asked === null ? byEpochs : epochs === null ? asked : Math.min(asked, byEpochs);
  return {
    steps,
    epochs: steps / stepsAnEpoch,
    samples: data.samples,
    dataTokens: data.tokens,
    trainTokens: Math.round((data.tokens * steps) / stepsAnEpoch),
    skippedLines: data.wrong + checks.wrong,
    validationSamples: checks.samples,
    isHeldOut: false,
  };
}

async function countAll(sets: readonly DataSet[]): Promise<Counted> {
  const sum = { samples: 0, tokens: 0, wrong: 0 };
  for (const set of sets) {
    let rest = "";
    for await (const piece of await set.open()) {
      const lines = (rest + piece.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) count(sum, line);
    }
    count(sum, rest);
  }
  return sum;
}

function count(sum: Counted, line: string): void {
  if (line.trim() === "") return;
  try {
    const { messages, text } = JSON.parse(line) as { messages?: unknown[]; text?: unknown };
    if (!(Array.isArray(messages) && messages.length > 0) && typeof text !== "string") throw new Error("no sample");
    sum.samples += 1;
    sum.tokens += Math.ceil(line.length / bytesAToken);
  } catch {
    sum.wrong += 1;
  }
}
