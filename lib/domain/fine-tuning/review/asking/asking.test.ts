import fc from "fast-check";
import { expect, test } from "vitest";
import { costOf, micros } from "#lib/core/money.ts";
import { answersInput } from "./input.ts";
import { answerMost, mostOf } from "./rules.ts";

const price = {
  inputMicros: micros(3_000_000_000n),
  cachedInputMicros: micros(3_000_000_000n),
  outputMicros: micros(9_000_000_000n),
};

test("fine-tuning 43: to ask both never costs more than the button says", () => {
  const prompts = fc.array(fc.record({ question: fc.string(), wanted: fc.string() }), { maxLength: 20 });
  fc.assert(
    fc.property(prompts, (all) => {
      const asked = all.map(({ question, wanted }) => ({ messages: [{ role: "user", content: question }], wanted }));
      // A token for each byte, and answers as long as they may be.
      const worst = asked.map(({ messages, wanted }) => {
        const bytes = Buffer.byteLength(messages[0]?.content ?? "");
        const usage = { promptTokens: bytes + 8, cachedTokens: 0, completionTokens: answerMost({ wanted }) };
        return 2n * costOf(usage, price);
      });
      expect(mostOf(asked, price)).toBeGreaterThanOrEqual(worst.reduce((sum, one) => sum + one, 0n));
    }),
  );
});

test("answers that are none are refused: no JSON, of another shape, too many", () => {
  const named = { model: "ft:tiny-chat-1:a:20261123:00000000", step: 1 };
  const answer = { base: { text: "a", tokens: 1 }, tuned: { text: "b", tokens: 1 } };
  const isTaken = (answers: unknown) =>
    answersInput.safeParse({ ...named, answers: typeof answers === "string" ? answers : JSON.stringify(answers) })
      .success;
  expect(isTaken([answer, null])).toBe(true);
  for (const wrong of ["{", "[", {}, [], [{ base: answer.base }], [{ ...answer, base: { text: 1, tokens: 1 } }]])
    expect(isTaken(wrong)).toBe(false);
  expect(isTaken(Array(21).fill(answer))).toBe(false);
  expect(isTaken([{ ...answer, base: { text: "a", tokens: -1 } }])).toBe(false);
});
