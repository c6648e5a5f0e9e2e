import type { Sampling } from "#lib/engine/port/port.ts";
import { cuesOf, knownCuesOf, wordsOf } from "#lib/engine/tiny/cues.ts";
import type { Random } from "#lib/engine/tiny/random.ts";
import { answerTokens, fitness, type Sampler } from "#lib/engine/tiny/sampler.ts";
import { decode, encode, marks } from "#lib/engine/tiny/tokenizer.ts";

/** The model's say in a JSON value: which of several, and in which words. Its steps are pauses for other requests. */
export type Voice = {
  random: Random;
  /** Parts of the question that look like values of a member, those used before last. */
  mentionsFor(about: string): string[];
  use(mention: string): void;
  /** Numbers of the question. */
  numbers: readonly string[];
  isMentioned(text: string): boolean;
  pick(candidates: readonly string[], about: string): Generator<null, number>;
  say(about: string, mostTokens: number): Generator<null, string>;
};

const mentioned: { shape: RegExp; about?: RegExp }[] = [
  { shape: /"([^"\n]{1,80})"|“([^”\n]{1,80})”|`([^`\n]{1,80})`/gu },
  { about: /mail/i, shape: /([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})/gu },
  { about: /ur[il]|link|site|page/i, shape: /(https?:\/\/[^\s"'<>]{1,200})/gu },
  { about: /date|day|when|since|until|from|to\b/i, shape: /(\d{4}-\d\d-\d\d)/gu },
  { shape: /(?<=[^.!?\s]\s)((?:\p{Lu}[\p{L}\p{N}]{1,30})(?: \p{Lu}[\p{L}\p{N}]{1,30}){0,3})/gu },
];
/** How much more a word of the question weighs than one the model thought of, in nats. */
const bonus = 6;
const mostCandidates = 64;

export function createVoice(sampler: Sampler, question: string, sampling: Sampling, random: Random): Voice {
  const { vocabulary, lexicon } = sampler.model;
  const asked = new Set(wordsOf(question));
  const used = new Set<string>();
  const contextOf = (about: string) => ({
    cues: [...new Set([...cuesOf(question, lexicon), ...knownCuesOf(about, lexicon)])],
    tokens: [marks.assistant],
  });
  const isMentioned = (text: string): boolean => wordsOf(text).some((word) => asked.has(word));
  return {
    random,
    mentionsFor(about) {
      const all = mentionsIn(question, about);
      const fresh = all.filter((mention) => !used.has(mention));
      return fresh.length > 0 ? fresh : all;
    },
    use: (mention) => {
      used.add(mention);
    },
    numbers: question.slice(0, 4000).match(/(?<![\p{L}\p{N}._-])-?\d{1,15}(?:\.\d{1,6})?(?!\d|[.-]\d)/gu) ?? [],
    isMentioned,
    *pick(candidates, about) {
      const context = contextOf(about);
      const fits: number[] = [];
      for (const candidate of candidates.slice(0, mostCandidates)) {
        const tokens = encode(vocabulary, ` ${candidate}`).slice(0, 12);
        fits.push(fitness(sampler, context, tokens) + (isMentioned(candidate) ? bonus : 0));
        yield null;
      }
      return drawFit(fits, sampling.temperature ?? 0, random);
    },
    *say(about, mostTokens) {
      const tokens: number[] = [];
      for (const token of answerTokens(sampler, contextOf(about), { ...sampling, minTokens: 1 }, random)) {
        tokens.push(token);
        yield null;
        if (tokens.length >= mostTokens) break;
      }
      return decode(vocabulary, tokens).trim();
    },
  };
}

function mentionsIn(question: string, about: string): string[] {
  const text = question.slice(0, 4000);
  const special = mentioned.filter((kind) => kind.about?.test(about));
  const kinds = special.length > 0 ? special : mentioned.filter((kind) => !kind.about);
  const found = kinds.flatMap(({ shape }) =>
    [...text.matchAll(shape)].map((match) => match.slice(1).find((part) => part !== undefined) ?? ""),
  );
  return [...new Set(found.map((mention) => mention.replace(/[.,;:!?]+$/, "")))].slice(0, 32);
}

function drawFit(fits: readonly number[], temperature: number, random: Random): number {
  const best = Math.max(...fits);
  if (temperature === 0) return Math.max(0, fits.indexOf(best));
  const weights = fits.map((fit) => Math.exp((fit - best) / temperature));
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  const drawn = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return Math.max(0, drawn);
}
