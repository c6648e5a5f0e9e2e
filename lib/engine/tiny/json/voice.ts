import type { Sampling } from "#lib/engine/port.ts";
import { cuesOf, wordsOf } from "#lib/engine/tiny/cues.ts";
import type { Random } from "#lib/engine/tiny/random.ts";
import { answerTokens, fitness, type Sampler } from "#lib/engine/tiny/sampler.ts";
import { decode, encode, marks } from "#lib/engine/tiny/tokenizer.ts";

/** The model's say in a JSON value: which of several, and in which words. Its steps are pauses for other requests. */
export type Voice = {
  random: Random;
  /** Parts of the question that look like values: quoted, capitalised, dates, addresses, numbers. */
  mentions: readonly string[];
  /** Numbers of the question. */
  numbers: readonly string[];
  isMentioned(text: string): boolean;
  pick(candidates: readonly string[], about: string): Generator<null, number>;
  say(about: string, mostTokens: number): Generator<null, string>;
};

const mentioned = [
  /"([^"\n]{1,80})"|“([^”\n]{1,80})”|`([^`\n]{1,80})`/gu,
  /([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})/gu,
  /(https?:\/\/[^\s"'<>]{1,200})/gu,
  /(\d{4}-\d\d-\d\d)/gu,
  /(?<=[^.!?\s]\s)((?:\p{Lu}[\p{L}\p{N}]{1,30})(?: \p{Lu}[\p{L}\p{N}]{1,30}){0,3})/gu,
];
/** How much more a word of the question weighs than one the model thought of, in nats. */
const bonus = 6;
const mostCandidates = 64;

export function createVoice(sampler: Sampler, question: string, sampling: Sampling, random: Random): Voice {
  const { vocabulary, lexicon } = sampler.model;
  const asked = new Set(wordsOf(question));
  const contextOf = (about: string) => ({
    cues: [...new Set([...cuesOf(question, lexicon), ...cuesOf(about, lexicon)])],
    tokens: [marks.assistant],
  });
  const isMentioned = (text: string): boolean => wordsOf(text).some((word) => asked.has(word));
  return {
    random,
    mentions: mentionsIn(question),
    numbers: question.slice(0, 4000).match(/-?\d{1,15}(?:\.\d{1,6})?/g) ?? [],
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

function mentionsIn(question: string): string[] {
  const text = question.slice(0, 4000);
  const found = mentioned.flatMap((shape) =>
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
