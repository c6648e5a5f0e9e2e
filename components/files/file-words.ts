import type { Tone } from "#components/ui/notice.tsx";
import { type FileState, stateOf } from "#lib/domain/files/listing/rules.ts";

/** What the lines of a file are, in a word. */
export const kindWords: Record<string, string> = {
  instruct: "Conversations",
  pretrain: "Texts",
  batch_request: "Batch requests",
  batch_result: "Batch results",
  batch_error: "Batch errors",
};

const states: Record<FileState, { tone: Tone; words: (problems: number) => string }> = {
  ready: { tone: "good", words: () => "Ready" },
  problems: { tone: "warn", words: (problems) => `${grouped(problems)} ${problems === 1 ? "problem" : "problems"}` },
  draft: { tone: "bad", words: () => "Refused" },
};

export function stateWords(file: { isDraft: boolean; problems: number }): { tone: Tone; words: string } {
  const { tone, words } = states[stateOf(file)];
  return { tone, words: words(file.problems) };
}

export const grouped = (count: number): string => count.toLocaleString("en-IE");

/** A size as people read it, in the units of storage. */
export function sizeWords(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
