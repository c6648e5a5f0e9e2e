import { checkLine } from "./line.ts";
import type { Sample } from "./sample.ts";

/** What a line teaches; null for one that is wrong or empty, which is skipped. A byte order mark before it is let be. */
export function readSample(line: string): Sample | null {
  const text = line.replace(/^\ufeff/, "").replace(/\r$/, "");
  return text.trim() === "" ? null : checkLine(text, 1).sample;
}
