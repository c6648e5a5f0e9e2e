import { LRUCache } from "lru-cache";
import RandExp from "randexp";
import { RE2JS } from "re2js";
import { between, type Random } from "#lib/engine/tiny/random.ts";
import { refuse } from "./schema.ts";

const mostChoices = 20_000;

/** A pattern is asked about many times for one answer, and parsing it costs more than matching. */
const known = new LRUCache<string, Pattern>({ max: 200 });

export type Pattern = {
  matches: (text: string) => boolean;
  /** A text that is likely to match. Later attempts repeat more, and every other one keeps its counts short. */
  draw: (random: Random, attempt: number) => string;
};

/** A customer's regular expression. It is matched in linear time, so that none can keep the worker busy for ever. */
export function patternOf(source: string): Pattern {
  const found = known.get(source) ?? read(source);
  known.set(source, found);
  return found;
}

function read(source: string): Pattern {
  const { expression, drawing } = parsed(source);
  return {
    matches: (text) => expression.test(text),
    draw: (random, attempt) => {
      const widest = attempt % 2 === 0 ? Number.POSITIVE_INFINITY : attempt;
      let choices = 0;
      drawing.max = 2 + attempt;
      drawing.randInt = (low, high) => {
        if (++choices > mostChoices) throw unsupported(source);
        return between(random, low, Math.min(high, low + widest));
      };
      return drawing.gen();
    },
  };
}

function parsed(source: string): { expression: RE2JS; drawing: RandExp } {
  try {
    return { expression: RE2JS.compile(RE2JS.translateRegExp(source)), drawing: new RandExp(source) };
  } catch {
    throw unsupported(source);
  }
}

const unsupported = (source: string) =>
  refuse(`the pattern ${JSON.stringify(source)} is not of the simple kind it supports`);
