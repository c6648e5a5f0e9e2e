import type { Texts } from "#lib/engine/port/input.ts";

export type GivenTexts = { texts: string[]; tokens?: number[][] };

/** What was given: texts, or lists of tokens. */
export function givenTexts(given: Texts): GivenTexts {
  if (typeof given === "string") return { texts: [given] };
  const texts = given.filter((one) => typeof one === "string");
  if (texts.length > 0) return { texts };
  const lists = given.filter((one) => Array.isArray(one));
  return { texts: [], tokens: lists.length > 0 ? lists : [given.filter((one) => typeof one === "number")] };
}
