import type { Hyperparameters, TrainerKind } from "#db/schema/tuning.ts";
import type { Pieces } from "#lib/core/storage/port.ts";
import type { Style } from "./style.ts";

/** A data set of a task: JSON Lines, and how often it counts beside the others. */
export type DataSet = { open: () => Promise<AsyncIterable<Buffer>>; bytes: number; sha256: string; weight: number };

/** What is to be trained; everything in it was fixed when the job started. */
export type TrainingTask = {
  /** The job's UUID, for names at other servers. */
  job: string;
  /** The model's name at the engine. */
  baseModel: string;
  suffix: string | null;
  hyperparameters: Hyperparameters;
  seed: number;
  /** The last step there is, and the most tokens that are held for. */
  steps: number;
  tokensMost: number;
  training: DataSet[];
  validation: DataSet[];
  /** Share of lines that may be wrong; wrong ones are left out. */
  skipShare: number;
  /** Where to go on from; null: from the beginning. */
  resume: KeptCheckpoint | null;
  /**
   * The last step that was kept and is billed. Where the weights of it could not be read, `resume` is an earlier one: steps up
   * to this one are trained again, and neither told of as a checkpoint nor counted.
   */
  keptStep: number;
};

/** Where training can go on from, and what to try where that turns out not to be whole. */
export type KeptCheckpoint = {
  step: number;
  open: () => Promise<AsyncIterable<Buffer>>;
  before?: KeptCheckpoint | null;
};

export type Point = {
  step: number;
  trainLoss: number | null;
  validLoss: number | null;
  accuracy: number | null;
  learningRate: number | null;
  tokens: number | null;
};

export type LogLine = { at: Date; level: "info" | "warn" | "error"; text: string };

/** What a trainer is told when it reports: go on, end with what the last checkpoint has, end, or that its turn is another's now. */
export type Orders = "go_on" | "stop" | "cancel" | "lost";

export type CheckpointReport = Point & {
  /** Tokens of all steps since the checkpoint before. */
  segmentTokens: number;
  sha256: string;
  /** The weights; null where the server that trains keeps them under a name of its own. */
  weights: Pieces | null;
  upstreamName?: string;
};

/** How a training ended: every failure has a code, a sentence and advice. */
export type Outcome =
  | {
      outcome: "succeeded";
      step: number;
      /** What the server that trained calls it, and which upstream that is. */
      upstreamModel?: string;
      upstream?: string;
      /** Sentences for the job's page and its letter, such as that the model is no better than its base. */
      warnings?: string[];
    }
  | { outcome: "cancelled"; step: number }
  | { outcome: "lost" }
  | { outcome: "failed"; step: number; failure: TrainingFailure };

export type TrainingFailure = {
  /** Whose fault it is decides who pays: `data`, `parameters` and `diverged` are the customer's, the others ours. */
  code: "data" | "parameters" | "diverged" | "trainer_lost" | "upstream" | "internal";
  message: string;
  advice: string;
};

/** The ends a trainer holds of its claim. */
export type ClaimLine = {
  beat: (report: { step: number; points: Point[]; log: LogLine[] }) => Promise<Orders>;
  /** Told again with the same bytes it changes nothing. */
  checkpoint: (report: CheckpointReport) => Promise<Orders>;
  /** Names at another server, so that nothing is sent twice. */
  remember: (names: Record<string, string>) => Promise<void>;
  remembered: Readonly<Record<string, string>>;
};

/** Trains what it is given. It never throws for what the data or the parameters do: that is an outcome. */
export interface Trainer {
  kind: TrainerKind;
  train(task: TrainingTask, line: ClaimLine, signal: AbortSignal): Promise<Outcome>;
}

/** The weights of one step, and the data that they come from. */
export type ReviewTask = Omit<TrainingTask, "resume"> & { resume: KeptCheckpoint };

export type ReviewMessage = { role: string; content: string };
export type ReviewAnswer = { text: string; tokens: number };

/** What can be asked, and what the data has for an answer. */
export type AskedPrompt = { messages: ReviewMessage[]; wanted: string };

/** What was asked, what the data has for an answer, and what each model said, by the likeliest token each time. */
export type ReviewedPrompt = {
  messages: ReviewMessage[];
  wanted: ReviewAnswer;
  base: ReviewAnswer;
  tuned: ReviewAnswer;
};

/** A base beside what was trained on it, on answers that it was not trained on. */
export type ReviewReport = {
  /** How many such answers there are. */
  samples: number;
  /** Mean loss in bits for each byte of them: models that cut a text into other tokens are alike by it. */
  bits: { base: number; tuned: number } | null;
  /** How what was trained on begins and ends; null where it has no style. */
  style: Style | null;
  prompts: ReviewedPrompt[];
};

/** Asks both. It throws `AppError` for what is to be told to the customer. */
export interface Reviewer {
  review(task: ReviewTask, signal: AbortSignal): Promise<ReviewReport>;
}
