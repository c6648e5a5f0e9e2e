import { keyedHash } from "./secrets.ts";

/** A word that can be searched for in what is sealed, and not read back. */
export const searchWord = (word: string): string => keyedHash(`word:${word}`).slice(0, 22);
