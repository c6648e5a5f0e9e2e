import type { Lesson, Material } from "#lib/engine/tiny/tuning/lessons.ts";
import { lessonsIn, type Reader } from "./lessons.ts";
import type { AskedPrompt } from "./port.ts";
import { type Style, StyleCount } from "./style.ts";
import { type SurveyTask, survey, validationLessons } from "./survey.ts";

/** An answer that was not trained on, with the line it stands in. */
export type Unseen = { lesson: Lesson; material: Material };

const keyOf = ({ question, answer }: Lesson): string => JSON.stringify([question, answer]);

/**
 * What a training did not see, each once: the validation files or, without them, what its seed held out. A line there that
 * is also among those that were trained on is none. And the style of those that were trained on.
 */
export async function unseenOf(task: SurveyTask, reader: Reader): Promise<{ unseen: Unseen[]; style: Style | null }> {
  const found = new Map<string, Unseen>();
  const keep = (lesson: Lesson, material: Material | null): void => {
    if (material) found.set(keyOf(lesson), { lesson, material });
  };
  for await (const { lesson, material } of validationLessons(task, reader)) keep(lesson, material);
  // How long its samples are does not matter to which are held out.
  const quick = { ...reader, count: () => 0 };
  const { course } = await survey(task, quick);
  let sample = 0;
  if (course.heldOut.size > 0)
    for await (const { lesson, material } of samplesIn(task, reader))
      if (course.heldOut.has(sample++)) keep(lesson, material);
  sample = 0;
  const style = new StyleCount();
  for await (const { lesson } of samplesIn(task, quick)) {
    if (course.heldOut.has(sample++)) continue;
    found.delete(keyOf(lesson));
    style.add(lesson.answer);
  }
  return { unseen: [...found.values()], style: style.style() };
}

async function* samplesIn({ training }: SurveyTask, reader: Reader) {
  for (const source of training)
    for await (const { lessons, material } of lessonsIn(source, reader))
      for (const lesson of lessons ?? []) yield { lesson, material };
}

export const promptsMost = 20;

/** Questions from all over what is unseen, with what the data has for an answer. */
export function askedOf(unseen: readonly Unseen[]): AskedPrompt[] {
  const asked = unseen.flatMap(({ lesson, material }) => {
    const messages = "text" in material ? [] : material.messages.slice(0, lesson.before);
    if (messages.at(-1)?.role !== "user") return [];
    return [{ messages: messages.map(({ role, content }) => ({ role, content })), wanted: lesson.answer }];
  });
  const every = Math.max(1, asked.length / promptsMost);
  return asked.filter((_, at) => Math.floor(at / every) !== Math.floor((at - 1) / every)).slice(0, promptsMost);
}
