import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

export type Weight = "regular" | "medium" | "semibold";

type Font = { weight: Weight; file: string; holds: (codePoint: number) => boolean };
/** What is needed of a font that is open: pdfkit's own type leaves it out. */
export type OpenFont = { hasGlyphForCodePoint: (codePoint: number) => boolean; layout: (text: string) => unknown };

const weights: Record<Weight, { geist: string; noto: number }> = {
  regular: { geist: "Regular", noto: 400 },
  medium: { geist: "Medium", noto: 500 },
  semibold: { geist: "SemiBold", noto: 600 },
};

/** In this order: the first that has a character sets it. */
const families = ["noto-sans", "noto-sans-arabic", "noto-sans-hebrew", "noto-sans-sc"];

/** Its woff has no character map. The others are woff, because composed glyphs of a woff2 cannot be taken out singly. */
const mapless = "noto-sans-sc-101";

// Looked up from the folder of the product, as everything in node_modules is: the bundle lies elsewhere than the sources.
const resolve = (name: string): string => createRequire(path.resolve("package.json")).resolve(name);

const catalogs = new Map<Weight, readonly Font[]>();
const contents = new Map<string, Buffer>();

/** The fonts of a weight: Geist, then those for other scripts, each with the characters its file is made for. */
function fontsOf(weight: Weight): readonly Font[] {
  const known = catalogs.get(weight);
  if (known) return known;
  const { geist, noto } = weights[weight];
  const folder = path.join(path.dirname(resolve("geist/font")), "fonts", "geist-sans");
  const found: Font[] = [{ weight, file: path.join(folder, `Geist-${geist}.ttf`), holds: () => true }];
  for (const family of families) {
    const first = resolve(`@fontsource/${family}/files/${family}-latin-400-normal.woff`);
    const home = path.dirname(path.dirname(first));
    const subsets = JSON.parse(fs.readFileSync(path.join(home, "unicode.json"), "utf8")) as Record<string, string>;
    for (const [subset, ranges] of Object.entries(subsets)) {
      const name = `${family}-${subset.replace(/[[\]]/g, "")}`;
      const file = path.join(home, "files", `${name}-${noto}-normal.${name === mapless ? "woff2" : "woff"}`);
      found.push({ weight, file, holds: within(ranges) });
    }
  }
  catalogs.set(weight, found);
  return found;
}

/** Reads ranges as style sheets have them: "U+0000-00FF,U+0131". */
function within(ranges: string): (codePoint: number) => boolean {
  const pairs = ranges.split(",").map((range) => {
    const [from = "", to = from] = range.trim().replace(/^U\+/i, "").split("-");
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
  });
  return (codePoint) => pairs.some(([from, to]) => codePoint >= from && codePoint <= to);
}

export function bytesOf(file: string): Buffer {
  const known = contents.get(file) ?? fs.readFileSync(file);
  contents.set(file, known);
  return known;
}

// They draw nothing, so no font has to have them.
const isInvisible = (codePoint: number): boolean =>
  (codePoint >= 0x200b && codePoint <= 0x200f) ||
  (codePoint >= 0xfe00 && codePoint <= 0xfe0f) ||
  (codePoint >= 0x2066 && codePoint <= 0x2069) ||
  (codePoint >= 0x202a && codePoint <= 0x202e) ||
  codePoint === 0xfeff;

/** The character without what joins or hides where the font has no glyph for it. */
export const settable = (character: string, font: OpenFont): string =>
  [...character]
    .filter((one) => {
      const codePoint = one.codePointAt(0) ?? 0;
      return !isInvisible(codePoint) || font.hasGlyphForCodePoint(codePoint);
    })
    .join("");

/** Whether the font's own rules can be followed: some letters have dots without a place, at which their reader fails. */
export function canSet(text: string, font: OpenFont): boolean {
  try {
    font.layout(text);
    return true;
  } catch {
    return false;
  }
}

/** The file that sets a character with all its marks, or null where no font has it. */
export function fileFor(character: string, weight: Weight, open: (file: string) => OpenFont): string | null {
  const needed = [...character].map((one) => one.codePointAt(0) ?? 0).filter((one) => !isInvisible(one));
  const [first] = needed;
  if (first === undefined) return null;
  const font = fontsOf(weight).find(
    ({ file, holds }) =>
      holds(first) &&
      needed.every((codePoint) => open(file).hasGlyphForCodePoint(codePoint)) &&
      canSet(character, open(file)),
  );
  return font?.file ?? null;
}
