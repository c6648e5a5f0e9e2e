import { expect, test } from "vitest";
import { type Piece, piecesOf } from "./stream-chat.ts";

const bytes = (texts: string[]): Response => {
  const encoder = new TextEncoder();
  return new Response(
    new ReadableStream({
      start(controller) {
        for (const text of texts) controller.enqueue(encoder.encode(text));
        controller.close();
      },
    }),
  );
};

async function piecesIn(response: Response): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for await (const piece of piecesOf(response)) pieces.push(piece);
  return pieces;
}

const chunk = (content: string, rest: object = {}) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: null }], ...rest })}\n\n`;

test("pieces come whole however the network cuts them, even inside a letter", async () => {
  const whole = new TextEncoder().encode(`${chunk("é")}${chunk("b")}data: [DONE]\n\n`);
  const cut = whole.indexOf(0xc3) + 1;
  const response = new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(whole.slice(0, cut));
        controller.enqueue(whole.slice(cut));
        controller.close();
      },
    }),
  );
  expect((await piecesIn(response)).map(({ text }) => text)).toEqual(["é", "b"]);
});

test("comments and CRLF are no pieces, usage comes with the last", async () => {
  const usage = { prompt_tokens: 3, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 1 } };
  const pieces = await piecesIn(bytes([": ping\r\n\r\n", chunk("a").replaceAll("\n", "\r\n"), chunk("", { usage })]));
  expect(pieces.at(-1)?.usage).toEqual({ promptTokens: 3, cachedTokens: 1, completionTokens: 2 });
  expect(pieces).toHaveLength(2);
});

test("what is thought comes apart from what is said", async () => {
  const thinking = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "", reasoning_content: "Hm." } }] })}\n\n`;
  const pieces = await piecesIn(bytes([thinking, chunk("a")]));
  expect(pieces.map(({ text, thought }) => [text, thought])).toEqual([
    ["", "Hm."],
    ["a", ""],
  ]);
});

test("an error inside the stream is thrown in its own words", async () => {
  const broken = bytes([chunk("a"), `data: ${JSON.stringify({ error: { message: "The model went away." } })}\n\n`]);
  await expect(piecesIn(broken)).rejects.toThrow("The model went away.");
});
