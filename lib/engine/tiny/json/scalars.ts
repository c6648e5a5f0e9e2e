import { between } from "#lib/engine/tiny/random.ts";
import { formatNamed, isMultiple } from "./conforms.ts";
import { patternOf } from "./pattern.ts";
import { refuse } from "./schema.ts";
import type { Shape } from "./shape.ts";
import type { Voice } from "./voice.ts";

const longestText = 4000;
const mostAttempts = 200;
/** Members that are meant to hold words rather than something named in the question. */
const prose = /answer|content|text|message|summary|description|reason|explanation|comment|thought|reply/i;

export function* drawText(
  { least, most, pattern, format }: Shape,
  about: string,
  voice: Voice,
): Generator<null, string> {
  const low = Math.max(0, least.minLength);
  const high = most.maxLength;
  if (low > longestText) throw refuse(`it asks for a text of ${low} characters`);
  const fits = (text: string): boolean => {
    const length = [...text].length;
    return length >= low && length <= high && (format === undefined || formatNamed(format).matches.test(text));
  };
  if (pattern !== undefined) return drawMatching(pattern, voice, fits);
  const named = prose.test(about) ? [] : voice.mentionsFor(about).filter(fits);
  if (named.length > 0) {
    const picked = named[yield* voice.pick(named, about)] ?? "";
    voice.use(picked);
    return picked;
  }
  if (format !== undefined) return drawFormat(format, voice, fits);
  return fitLength(yield* voice.say(about, prose.test(about) ? 60 : 12), low, high);
}

function drawMatching(source: string, voice: Voice, fits: (text: string) => boolean): string {
  const pattern = patternOf(source);
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const text = pattern.draw(voice.random, attempt);
    if (text.length <= longestText && fits(text) && pattern.matches(text)) return text;
  }
  throw refuse(`no text was found for the pattern ${JSON.stringify(source)}`);
}

function drawFormat(format: string, voice: Voice, fits: (text: string) => boolean): string {
  const text = formatNamed(format).draw(voice.random);
  if (fits(text)) return text;
  throw refuse(`no ${format} has the length it asks for`);
}

function fitLength(text: string, low: number, high: number): string {
  let characters = [...(text === "" && low > 0 ? "text" : text)];
  while (characters.length < low)
    characters = [...characters, " ", ...characters].slice(0, Math.max(low, characters.length + 1));
  return characters.slice(0, Math.min(high, longestText)).join("");
}

export function* drawNumber(
  { least, most, multipleOf }: Shape,
  whole: boolean,
  about: string,
  voice: Voice,
): Generator<null, number> {
  const step = whole ? wholeStep(multipleOf) : multipleOf;
  const fits = (value: number): boolean =>
    value >= least.minimum &&
    value > least.exclusiveMinimum &&
    value <= most.maximum &&
    value < most.exclusiveMaximum &&
    (step === undefined || isMultiple(value, step)) &&
    (!whole || Number.isInteger(value));
  const named = voice.numbers.map(Number).filter((value) => Number.isFinite(value) && fits(value));
  const candidates = named.length > 0 ? [...new Set(named)] : [...drawn(least, most, step, voice)].filter(fits);
  const value = candidates[yield* voice.pick(candidates.map(String), about)];
  if (value === undefined) throw refuse(`no number fits "${about.trim()}"`);
  return value;
}

/** The smallest whole number that is a multiple of both one and the given. */
function wholeStep(multipleOf = 1): number {
  for (let times = 1; times <= 1000; times++) {
    if (isMultiple(times * multipleOf, 1)) return Math.round(times * multipleOf);
  }
  throw refuse(`no whole number is a multiple of ${multipleOf}`);
}

/** A few numbers of the range, its ends among them; on the grid of `step` where there is one. */
function* drawn(least: Shape["least"], most: Shape["most"], step: number | undefined, voice: Voice): Generator<number> {
  const low = Math.max(least.minimum, least.exclusiveMinimum);
  const high = Math.min(most.maximum, most.exclusiveMaximum);
  const [from, to] = window(low, high, (step ?? 1) * 100);
  if (step === undefined) {
    yield* [from, to, (from + to) / 2];
    for (let turn = 0; turn < 6; turn++) yield Number((from + voice.random() * (to - from)).toPrecision(4));
    return;
  }
  const first = Math.ceil(from / step);
  const last = Math.floor(to / step);
  const onGrid = (times: number): number => Number((times * step).toPrecision(15));
  yield* [first, first + 1, last, last - 1].map(onGrid);
  for (let turn = 0; turn < 6; turn++) yield onGrid(between(voice.random, first, Math.max(first, last)));
}

function window(low: number, high: number, width: number): [number, number] {
  if (Number.isFinite(low) && Number.isFinite(high)) return [low, high];
  if (Number.isFinite(low)) return [low, low + width];
  return Number.isFinite(high) ? [high - width, high] : [0, width];
}
