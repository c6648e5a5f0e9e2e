import bidiFactory from "bidi-js";
import { bytesOf, canSet, fileFor, type OpenFont, settable, type Weight } from "./fonts.ts";

export type Style = { size: number; weight?: Weight; color?: string; tabular?: boolean };

/** A piece of one font and one direction; a null font is drawn as a box. */
type Run = { text: string; file: string | null; level: number; width: number };
export type Line = { runs: readonly Run[]; width: number; style: Style };

const bidi = bidiFactory();
const characters = new Intl.Segmenter("en", { granularity: "grapheme" });

export const ink = "#16181d";
export const lineHeight = 1.38;

/** Spaces of all kinds become one; what steers a terminal or half a character has no place on paper. */
export const printable = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll("\u00ad", "")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200b\ufeff\s]+/gu, " ")
    .trim();

/** Where a line may end: after a space or a hyphen, and after any sign of a script that has no spaces. */
const breakable = /(?<=[\s\-/_.@,]|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])/u;

/** Sets text of any script: breaks lines, picks a font for each character and orders what runs from right to left. */
export class Typesetter {
  readonly #doc: PDFKit.PDFDocument;
  readonly #widths = new Map<string, number>();
  readonly #files = new Map<string, string | null>();

  constructor(doc: PDFKit.PDFDocument) {
    this.#doc = doc;
  }

  /** The text on as many lines as it needs; a word wider than the line is broken. */
  lines(text: string, width: number, style: Style): Line[] {
    const lines: string[] = [];
    let current = "";
    for (const piece of printable(text)
      .split(breakable)
      .flatMap((piece) => this.#fitting(piece, width, style))) {
      if (current !== "" && this.#set(current + piece.trimEnd(), style).width > width) {
        lines.push(current.trimEnd());
        current = piece;
      } else current += piece;
    }
    return [...lines, current.trimEnd()].map((line) => this.#set(line, style));
  }

  line(text: string, style: Style): Line {
    return this.#set(printable(text), style);
  }

  draw({ runs, style }: Line, x: number, baseline: number): void {
    let left = x;
    for (const run of runs) {
      if (run.file === null) this.#box(left, baseline, run, style);
      else {
        this.#use(run.file, style.size);
        const features = featuresOf(style);
        this.#doc
          .fillColor(style.color ?? ink)
          .text(run.text, left, baseline, { lineBreak: false, features, baseline: "alphabetic" });
      }
      left += run.width;
    }
  }

  /** Cuts a piece that no line can hold. */
  #fitting(piece: string, width: number, style: Style): string[] {
    if (this.#set(piece, style).width <= width) return [piece];
    const parts = [""];
    for (const { segment } of characters.segment(piece)) {
      const last = parts[parts.length - 1] ?? "";
      if (last !== "" && this.#set(last + segment, style).width > width) parts.push(segment);
      else parts[parts.length - 1] = last + segment;
    }
    return parts;
  }

  #set(text: string, style: Style): Line {
    const runs = inVisualOrder(this.#runs(text, style));
    return { runs, width: runs.reduce((sum, { width }) => sum + width, 0), style };
  }

  #runs(text: string, style: Style): Run[] {
    const { levels } = bidi.getEmbeddingLevels(text);
    const runs: Run[] = [];
    for (const { segment, index } of characters.segment(text)) {
      const level = levels[index] ?? 0;
      const file = this.#fileOf(segment, style.weight ?? "regular");
      // Marks for the direction have done their part.
      if (file === null && /^\p{Cf}*$/u.test(segment)) continue;
      const last = runs.at(-1);
      const piece = file === null ? segment : settable(segment, this.#open(file));
      if (last && last.level === level && last.file === file) last.text += piece;
      else runs.push({ text: piece, file, level, width: 0 });
    }
    return runs.map((run) => this.#measured(directed(run), style));
  }

  #fileOf(character: string, weight: Weight): string | null {
    const key = `${weight} ${character}`;
    const known = this.#files.get(key);
    if (known !== undefined) return known;
    const file = fileFor(character, weight, (name) => this.#open(name));
    this.#files.set(key, file);
    return file;
  }

  #measured(run: Run, style: Style): Run {
    if (run.file === null || !canSet(run.text, this.#open(run.file)))
      return { ...run, file: null, width: boxWidth(style.size) * [...characters.segment(run.text)].length };
    const key = `${run.file} ${style.size} ${style.tabular ?? false} ${run.text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return { ...run, width: known };
    this.#use(run.file, style.size);
    const width = this.#doc.widthOfString(run.text, { features: featuresOf(style) });
    this.#widths.set(key, width);
    return { ...run, width };
  }

  #box(x: number, baseline: number, run: Run, { size, color = ink }: Style): void {
    const wide = boxWidth(size);
    [...characters.segment(run.text)].forEach((_, index) => {
      this.#doc
        .lineWidth(size / 18)
        .strokeColor(color)
        .rect(x + index * wide + wide * 0.14, baseline - size * 0.7, wide * 0.72, size * 0.7)
        .stroke();
    });
  }

  #use(file: string, size: number): void {
    // Registered under its path once; pdfkit keeps what it opened under that name.
    this.#doc.registerFont(file, bytesOf(file));
    this.#doc.font(file, size);
  }

  #open(file: string): OpenFont {
    this.#use(file, 10);
    return (this.#doc as unknown as { _font: { font: OpenFont } })._font.font;
  }
}

const boxWidth = (size: number): number => size * 0.66;

/** Kerning is what fonts do by default; naming it keeps pdfkit from shaping word by word. */
const featuresOf = ({ tabular }: Style): PDFKit.Mixins.OpenTypeFeatures[] => (tabular ? ["kern", "tnum"] : ["kern"]);

/** In a run from right to left brackets turn round; letters of such a script are turned by the font's own shaping. */
function directed(run: Run): Run {
  if (run.level % 2 === 0) return run;
  const mirrored = [...run.text].map((sign) => bidi.getMirroredCharacter(sign) ?? sign);
  const isShaped = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u.test(run.text);
  return { ...run, text: (isShaped ? mirrored : mirrored.reverse()).join("") };
}

/** Rule L2 of the bidirectional algorithm, on runs. */
function inVisualOrder(runs: Run[]): Run[] {
  const ordered = [...runs];
  const highest = Math.max(0, ...runs.map(({ level }) => level));
  for (let level = highest; level >= 1; level -= 1) {
    let start = 0;
    while (start < ordered.length) {
      let end = start;
      while (end < ordered.length && (ordered[end]?.level ?? 0) >= level) end += 1;
      ordered.splice(start, end - start, ...ordered.slice(start, end).reverse());
      start = end + 1;
    }
  }
  return ordered;
}
