/** As many as a person judges one by one. */
export const promptsMost = 20;
/** Tokens of an answer; a trial is for reading. */
export const answerTokensMost = 1024;

/** The prompts of a text, with lines of three dashes between them; the same one is asked once. */
export const promptsIn = (text: string): string[] => [
  ...new Set(
    text
      .split(/^[ \t]*---[ \t]*$/m)
      .map((prompt) => prompt.trim())
      .filter((prompt) => prompt !== ""),
  ),
];

/** Whether an answer can be read as JSON, also inside a fence as models like to write it. */
export function isJson(text: string): boolean {
  const bare = /^\s*```(?:json)?\n([\s\S]*?)\n```\s*$/.exec(text)?.[1] ?? text;
  if (!/^\s*[[{]/.test(bare)) return false;
  try {
    JSON.parse(bare);
    return true;
  } catch {
    return false;
  }
}
