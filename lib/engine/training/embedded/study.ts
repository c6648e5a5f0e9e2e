import type { Base } from "#lib/engine/tiny/base.ts";
import type { Model } from "#lib/engine/tiny/model.ts";
import type { Table } from "#lib/engine/tiny/table.ts";
import { CellCounter } from "#lib/engine/tiny/tuning/cells.ts";
import type { Course } from "#lib/engine/tiny/tuning/course.ts";
import { addWords, counterOf, lengthOf, readingOf } from "#lib/engine/tiny/tuning/reading.ts";
import { SampleStore } from "#lib/engine/tiny/tuning/store.ts";
import { tunedModel } from "#lib/engine/tiny/tuning/tuned.ts";
import type { Breath } from "#lib/engine/training/breath.ts";
import { lessonsIn, type Reader } from "#lib/engine/training/lessons.ts";
import { type Survey, type SurveyTask, survey, validationLessons } from "#lib/engine/training/survey.ts";

/** Beyond it, features that were seen least are left out. */
const cellsMost = 6_000_000;

/** What is to be learned, in the form of the model that learns it. */
export type Study = {
  course: Course;
  words: ReadonlyMap<number, number>;
  /** Without the table that is trained. */
  model: Model;
  table: Table;
  samples: SampleStore;
  /** What is measured by, and which of it. */
  valid: { samples: SampleStore; which: number[] };
  /** Sentences about the data that its owner should know. */
  notes: string[];
};

/** Reads the data three times, so that it is never held: for the steps, for its words, for its samples. */
export async function prepare(task: SurveyTask, base: Base, breath: Breath): Promise<Study> {
  const tokensMost = lengthOf(task.hyperparameters.seq_len);
  const found = await survey(task, { count: counterOf(base.vocabulary), tokensMost, breath });
  // What counts for how much is known now.
  const reader = { count: () => 0, tokensMost, breath };
  const { course } = found;
  const words = await wordsOf(task, reader, course);
  const model = tunedModel(base, words);
  const samples = new SampleStore();
  for (const [set, source] of task.training.entries()) {
    for await (const { line, lessons } of lessonsIn(source, reader))
      for (const lesson of lessons ?? []) samples.add(readingOf(lesson, model, tokensMost), set, line);
  }
  const { table, dropped } = await tableFor(samples, course, breath);
  const valid = await validationOf(task, reader, model, { samples, which: [...course.heldOut] });
  return { course, words, model, table, samples, valid, notes: notesOf(found, dropped, tokensMost) };
}

async function wordsOf(task: SurveyTask, reader: Reader, course: Course): Promise<Map<number, number>> {
  const words = new Map<number, number>();
  let sample = 0;
  for (const source of task.training) {
    for await (const { lessons } of lessonsIn(source, reader))
      for (const { question } of lessons ?? []) if (!course.heldOut.has(sample++)) addWords(words, question);
  }
  return words;
}

async function tableFor(samples: SampleStore, { heldOut }: Course, breath: Breath) {
  const counter = new CellCounter(cellsMost);
  for (let at = 0; at < samples.count; at++) {
    if (heldOut.has(at)) continue;
    counter.add(samples.sample(at));
    if (samples.hasMasked(at)) counter.add(samples.sample(at, true));
    if (breath.isDue) await breath.take();
  }
  return { table: counter.table(), dropped: counter.dropped };
}

async function validationOf(task: SurveyTask, reader: Reader, model: Model, heldOut: Study["valid"]) {
  if (task.validation.length === 0) return heldOut;
  const samples = new SampleStore();
  for await (const { lesson, set, line } of validationLessons(task, reader))
    samples.add(readingOf(lesson, model, reader.tokensMost), set, line);
  return { samples, which: Array.from({ length: samples.count }, (_, at) => at) };
}

function notesOf({ course, samples, skippedLines, cutSamples }: Survey, dropped: number, tokensMost: number): string[] {
  const notes = [
    course.heldOut.size > 0 && `${course.heldOut.size} of ${samples} samples are held out to measure by.`,
    skippedLines > 0 && `Lines that are wrong and were skipped: ${skippedLines}.`,
    cutSamples > 0 && `Samples that were cut because they are longer than ${tokensMost} tokens: ${cutSamples}.`,
    dropped > 0 && `Patterns that were left out because they are seen least and there are too many: ${dropped}.`,
  ];
  return notes.filter((note) => note !== false);
}
