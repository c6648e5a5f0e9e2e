import { LineSet } from "./line-set.ts";
import { mendLine } from "./mend.ts";
import { ObjectCutter } from "./objects.ts";
import type { RuleId } from "./rules.ts";
import { LineTransform } from "./transform.ts";

const examplesMost = 50;

/** What mending did: how many lines were changed and left out, of each rule how many, and the first changes. */
export type MendReport = {
  changed: number;
  dropped: number;
  counts: Partial<Record<RuleId, number>>;
  /** `after` is null where the line was left out. */
  examples: MendExample[];
  /** The first line that is too long to be read; then nothing of it is kept. */
  tooLongAt: number | null;
};
export type MendExample = { line: number; before: string; after: string | null; rules: RuleId[] };

/** Mends a data set as it passes. Done twice it does what it does once. */
export class DataSetMender {
  readonly report: Omit<MendReport, "tooLongAt"> = { changed: 0, dropped: 0, counts: {}, examples: [] };
  readonly #cutter: ObjectCutter | null;
  readonly #lines = new LineSet();
  readonly #transform = new LineTransform((text, number) => this.#mend(text, number));

  /** `isList`: what stands in it is one list, or objects over several lines (F6). */
  constructor({ isList }: { isList: boolean }) {
    this.#cutter = isList ? new ObjectCutter() : null;
    if (isList) this.report.counts.F6 = 1;
  }

  /** The first line that is too long to be read. */
  get tooLongAt(): number | null {
    return this.#cutter?.tooLongAt ?? this.#transform.tooLongAt;
  }

  see(piece: Uint8Array): Buffer {
    return this.#transform.see(this.#cutter?.see(piece) ?? piece);
  }

  finish(): Buffer {
    const last = this.#cutter?.finish();
    const before = last ? this.#transform.see(last) : Buffer.alloc(0);
    return Buffer.concat([before, this.#transform.finish()]);
  }

  #mend(text: string | null, number: number): string | null | "as it is" {
    if (text === null || text.trim() === "") return "as it is";
    const { line, rules } = mendLine(text);
    const isRepeat = line !== null && this.#lines.add(line, number) !== null;
    const after = isRepeat ? null : line;
    if (after === text) return "as it is";
    this.#note(number, text, after, isRepeat ? ["W1"] : rules);
    return after;
  }

  #note(line: number, before: string, after: string | null, rules: RuleId[]): void {
    const { report } = this;
    report[after === null ? "dropped" : "changed"] += 1;
    for (const rule of rules) report.counts[rule] = (report.counts[rule] ?? 0) + 1;
    if (report.examples.length < examplesMost) report.examples.push({ line, before, after, rules });
  }
}
