/** One answer, and the ways to ask for it. */
export type Dialogue = { asks: string[]; answer: string };

/** Reads `Q: one way | another way` and `A: the answer` lines, pair by pair. */
export function dialoguesOf(text: string): Dialogue[] {
  return text
    .split(/^Q: /m)
    .slice(1)
    .map((pair) => {
      const [asks = "", answer = ""] = pair.split("\nA: ");
      return { asks: asks.split(" | "), answer: answer.trim() };
    });
}
