import { AppError } from "#lib/core/errors.ts";
import { Course } from "#lib/engine/tiny/tuning/course.ts";
import { Grown } from "#lib/engine/tiny/tuning/grown.ts";
import type { Lesson, Material } from "#lib/engine/tiny/tuning/lessons.ts";
import { lessonsIn, type Reader, type Source } from "./lessons.ts";
import type { TrainingTask } from "./port.ts";

/** As much of a task as says which steps there are. */
export type SurveyTask = Pick<TrainingTask, "hyperparameters" | "seed" | "skipShare"> & {
  training: (Source & { weight: number; bytes: number })[];
  validation: Source[];
};

/** A data set once it was looked through. */
export type Survey = {
  course: Course;
  /** Samples in all, of which some may be held out. */
  samples: number;
  skippedLines: number;
  /** Samples that are longer than may be. */
  cutSamples: number;
};

/** What is wrong with the data, said to the customer. */
export const dataFault = (message: string): AppError => new AppError("invalid", message, { code: "training_data" });

/** Goes through the training files once and keeps four bytes a sample. */
export async function survey(task: SurveyTask, reader: Reader): Promise<Survey> {
  const count = new Count();
  for (const set of task.training) {
    for await (const { lessons } of lessonsIn(set, reader)) count.add(lessons);
    count.ends.push(count.tokens.length);
  }
  const { lines, wrongLines, cutSamples, tokens } = count;
  if (wrongLines > task.skipShare * lines) throw dataFault(tooManyWrong(lines, wrongLines, task.skipShare));
  const course = courseOf(task, tokens.view(), count.ends);
  if (course.steps === 0) throw dataFault("There is no answer to learn from in the training files.");
  return { course, samples: tokens.length, skippedLines: wrongLines, cutSamples };
}

class Count {
  readonly tokens = new Grown((length) => new Uint32Array(length));
  /** Where the samples of each file end. */
  readonly ends: number[] = [];
  lines = 0;
  wrongLines = 0;
  cutSamples = 0;

  add(lessons: readonly Lesson[] | null): void {
    this.lines++;
    if (!lessons) this.wrongLines++;
    for (const { tokens, isCut } of lessons ?? []) {
      this.tokens.push(tokens);
      if (isCut) this.cutSamples++;
    }
  }
}

function courseOf(task: SurveyTask, tokens: Uint32Array, ends: readonly number[]): Course {
  const weightOf = (sample: number): number => task.training[ends.findIndex((end) => sample < end)]?.weight ?? 1;
  const { epochs, training_steps: trainingSteps } = task.hyperparameters;
  const lengths = { tokens, weightOf, count: tokens.length };
  return new Course(lengths, task.validation.length === 0, { epochs, trainingSteps, seed: task.seed });
}

function tooManyWrong(all: number, wrong: number, skipShare: number): string {
  const allowed = skipShare === 0 ? "none may be" : `at most ${Math.round(skipShare * 1000) / 10} % may be`;
  return `${wrong} of ${all} lines are wrong, and ${allowed}. Mend the file, or allow more lines to be skipped.`;
}

const validationBytesMost = 1_000_000;
const validationShare = 0.05;
/** So many are measured whatever the share says: few examples are no measure. */
const validationSamplesLeast = 50;

/** Lessons to measure by: the beginning of the validation files, as far as it pays to measure. */
export async function* validationLessons(
  { training, validation }: SurveyTask,
  reader: Reader,
): AsyncGenerator<{ lesson: Lesson; material: Material | null; set: number; line: number }> {
  const most = Math.min(validationBytesMost, validationShare * training.reduce((sum, { bytes }) => sum + bytes, 0));
  let [read, samples] = [0, 0];
  for (const [set, source] of validation.entries()) {
    for await (const { line, bytes, material, lessons } of lessonsIn(source, reader)) {
      read += bytes;
      if (read > most && samples >= validationSamplesLeast) return;
      for (const lesson of lessons ?? []) {
        samples++;
        yield { lesson, material, set, line };
      }
    }
  }
}
