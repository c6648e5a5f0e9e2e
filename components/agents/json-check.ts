import { faultAtSight } from "#lib/core/json-schema/at-sight.ts";

export type JsonState = { isValid: boolean; words: string };

/** What is to be said of a text that should be a JSON schema. */
export function schemaState(text: string): JsonState {
  if (text.trim() === "") return { isValid: false, words: "Write a JSON schema." };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { isValid: false, words: `Not JSON yet: ${placeOf(text, error)}` };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { isValid: false, words: "A schema is an object in JSON." };
  }
  const fault = faultAtSight(value);
  return fault
    ? { isValid: false, words: `Not a JSON schema yet: ${fault}` }
    : { isValid: true, words: "A valid JSON schema." };
}

/** Engines tell the place as an offset, if at all; people count lines. */
function placeOf(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : "it cannot be read.";
  const offset = /position (\d+)/.exec(message)?.[1];
  if (offset === undefined) return message;
  const before = text.slice(0, Number(offset)).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}.`;
}

/** The same JSON, two spaces a level; null where it is none. */
export function prettyPrinted(text: string): string | null {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}
