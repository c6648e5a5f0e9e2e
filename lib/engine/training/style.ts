/** How answers begin and end where they have that in common: with one of these words. */
export type Style = { openings: string[] | null; endings: string[] | null };

const wordsOf = (text: string): string[] => text.trim().toLowerCase().split(/\s+/u);
/** A text without spaces is one word; no style needs more of it. */
const longestWord = 64;
const openingOf = (text: string): string => (wordsOf(text.slice(0, 4000))[0] ?? "").slice(0, longestWord);
const endingOf = (text: string): string => (wordsOf(text.slice(-4000)).at(-1) ?? "").slice(-longestWord);

/** A word is common where this share of the answers has it, and common words are a style where most answers have one. */
const commonShare = 0.05;
const styleShare = 0.8;
/** Of fewer answers nothing is in common but by chance. */
const answersLeast = 4;
/** Different beginnings and endings that are counted. A style has few, and is met early. */
const pairsMost = 100_000;

export const isInStyle = (said: string, { openings, endings }: Style): boolean =>
  (openings?.includes(openingOf(said)) ?? true) && (endings?.includes(endingOf(said)) ?? true);

/** Counts how answers begin and end. */
export class StyleCount {
  readonly #pairs = new Map<string, { opening: string; ending: string; count: number }>();
  #answers = 0;

  add(answer: string): void {
    const [opening, ending] = [openingOf(answer), endingOf(answer)];
    if (opening === "") return;
    this.#answers++;
    const key = `${opening}\n${ending}`;
    const pair = this.#pairs.get(key);
    if (pair) pair.count++;
    else if (this.#pairs.size < pairsMost) this.#pairs.set(key, { opening, ending, count: 1 });
  }

  /** As much as possible of what most answers share; null where that is nothing. */
  style(): Style | null {
    if (this.#answers < answersLeast) return null;
    const [openings, endings] = [this.#commonOf("opening"), this.#commonOf("ending")];
    const styles: Style[] = [
      { openings, endings },
      { openings, endings: null },
      { openings: null, endings },
    ];
    return styles.find((style) => (style.openings ?? style.endings) !== null && this.#covers(style)) ?? null;
  }

  #commonOf(of: "opening" | "ending"): string[] | null {
    const counts = new Map<string, number>();
    for (const pair of this.#pairs.values()) counts.set(pair[of], (counts.get(pair[of]) ?? 0) + pair.count);
    const least = Math.max(2, Math.ceil(this.#answers * commonShare));
    const common = [...counts].filter(([, count]) => count >= least).map(([word]) => word);
    return common.length > 0 ? common.sort() : null;
  }

  #covers({ openings, endings }: Style): boolean {
    let covered = 0;
    for (const { opening, ending, count } of this.#pairs.values())
      if ((openings?.includes(opening) ?? true) && (endings?.includes(ending) ?? true)) covered += count;
    return covered >= this.#answers * styleShare;
  }
}
