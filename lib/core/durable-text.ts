import { keyedHash, open, seal } from "./secrets.ts";

/** What people wrote and what is kept until it is deleted: sealed under the id of its row. */
export const sealText = (text: string, label: string): Buffer => seal(Buffer.from(text), label);

export const openText = (sealed: Buffer, label: string): string => open(sealed, label).toString();

export const sealBytes = seal;
export const openBytes = open;

/** A word that can be searched for in what is sealed, and not read back. */
export const searchWord = (word: string): string => keyedHash(`word:${word}`).slice(0, 22);
