import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { collect } from "#lib/engine/port/collect.ts";
import type { Completion, Delta, ToolCall } from "#lib/engine/port/port.ts";
import { dialects, type Meant, streamOf } from "#lib/testing/dialects.ts";
import { chatRequest, never } from "#lib/testing/engine-requests.ts";
import type { OddAnswer } from "#lib/testing/odd-answers.ts";
import { oddityBounds } from "#lib/testing/odd-counts.ts";
import { oddities } from "#lib/testing/oddities.ts";
import { startScriptedUpstream } from "#lib/testing/scripted-upstream.ts";
import { createUpstreamEngine } from "./engine.ts";
import { estimateTokens } from "./estimate.ts";

const upstream = await startScriptedUpstream();
const engine = createUpstreamEngine({ id: "odd", url: upstream.url, timeoutMs: 10_000 });
afterAll(async () => {
  await engine.close();
  await upstream.close();
});

const request = chatRequest("What is the weather?", {
  bounds: oddityBounds,
  sampling: { maxTokens: oddityBounds.completionTokens },
});

const asks = {
  whole: () => engine.complete(request, never()),
  stream: async () => collect(await engine.stream(request, never())),
};

const callsOf = (calls: ToolCall[] | null) => calls?.map(({ function: called }) => called) ?? [];

/** Billed within what the request could take, and for no less than what came back. */
function expectFair({ choices, usage }: Completion): void {
  expect(usage.promptTokens).toBeGreaterThan(0);
  expect(usage.promptTokens).toBeLessThanOrEqual(oddityBounds.promptTokens);
  expect(usage.cachedTokens).toBeLessThanOrEqual(usage.promptTokens);
  expect(usage.completionTokens).toBeLessThanOrEqual(oddityBounds.completionTokens);
  const said = choices.map(({ message: { content, reasoning } }) => (content ?? "") + (reasoning ?? "")).join("");
  if (said !== "") expect(usage.completionTokens).toBeGreaterThan(0);
}

describe.each(["whole", "stream"] as const)("%s", (kind) => {
  const known = oddities.filter((oddity) => oddity[kind] !== undefined);
  test.each(known)("$name", async ({ expected, ...oddity }) => {
    upstream.answer = oddity[kind] ?? { pieces: [] };
    if ("problem" in expected) await expect(asks[kind]()).rejects.toMatchObject(expected);
    else expectAnswer(await asks[kind](), expected);
  });
});

function expectAnswer(answer: Completion, { content, reasoning, calls, finish, usage = {} }: OddAnswer): void {
  expect(answer.choices).toHaveLength(1);
  const [choice] = answer.choices;
  const found = {
    content: choice?.message.content,
    reasoning: choice?.message.reasoning,
    calls: callsOf(choice?.message.tool_calls ?? null),
    finish: choice?.finish_reason,
  };
  const wanted = Object.entries({ content, reasoning, calls, finish }).filter(([, value]) => value !== undefined);
  expect(found).toMatchObject(Object.fromEntries(wanted));
  expect(answer.usage).toMatchObject(usage);
  if (usage.completionTokens !== undefined) expect(answer.usage.estimated).toBe(usage.estimated);
  expectFair(answer);
}

const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
const called = fc.record({
  name: fc.constantFrom("weather", "search", "now"),
  arguments: fc
    .dictionary(fc.string({ maxLength: 4 }), fc.oneof(fc.string({ maxLength: 8 }), fc.integer(), fc.boolean()), {
      maxKeys: 3,
    })
    .map((value) => JSON.stringify(value)),
});
const meant: fc.Arbitrary<Meant> = fc
  .record({
    thinking: fc.array(word, { maxLength: 3 }),
    text: fc.array(word, { minLength: 1, maxLength: 3 }),
    calls: fc.array(called, { maxLength: 3 }),
    prompt: fc.integer({ min: 1, max: 100 }),
    completion: fc.integer({ min: 40, max: 50 }),
    cached: fc.nat(),
  })
  .map((one) => ({ ...one, cached: one.cached % (one.prompt + 1) }));

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((end, at) => bytes.subarray(edges[at], end));
}

async function deltasOf(pieces: Buffer[]): Promise<{ deltas: Delta[]; usage: unknown }> {
  upstream.answer = { headers: { "content-type": "text/event-stream" }, pieces };
  const stream = await engine.stream(request, never());
  const deltas: Delta[] = [];
  for await (const delta of stream) deltas.push(delta);
  return { deltas, usage: stream.usage() };
}

/** Ids are made up anew where the upstream's are too long. */
const withoutIds = (deltas: Delta[]) =>
  JSON.parse(JSON.stringify(deltas, (name, value) => (name === "id" ? "id" : value)));

describe.each(dialects)("the dialect of $name", ({ events, whole, lineEnd }) => {
  test("says the same whole, streamed, and however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(meant, fc.array(fc.nat(), { maxLength: 6 }), async (said, cuts) => {
        upstream.answer = { headers: { "content-type": "application/json" }, pieces: [JSON.stringify(whole(said))] };
        const answer = await asks.whole();
        const bytes = Buffer.from(streamOf(events(said), lineEnd));
        const uncut = await deltasOf([bytes]);
        const cut = await deltasOf(cutAt(bytes, cuts));
        expect(withoutIds(cut.deltas)).toEqual(withoutIds(uncut.deltas));
        expect(cut.usage).toEqual(uncut.usage);
        const usage = { promptTokens: said.prompt, cachedTokens: said.cached, completionTokens: said.completion };
        expect(uncut.usage).toMatchObject(usage);
        expect(answer.usage).toMatchObject(usage);
        const { message, finish_reason } = answer.choices[0] ?? {};
        const text = said.text.join("");
        expect(message?.content).toBe(text);
        expect(message?.reasoning ?? "").toBe(said.thinking.join(""));
        expect(callsOf(message?.tool_calls ?? null)).toEqual(said.calls);
        expect(finish_reason).toBe(said.calls.length > 0 ? "tool_calls" : "stop");
        const joined = (part: "content" | "reasoning") => uncut.deltas.map((delta) => delta[part] ?? "").join("");
        expect([joined("content"), joined("reasoning")]).toEqual([text, said.thinking.join("")]);
        expect(callsOf(uncut.deltas.flatMap(({ toolCalls = [] }) => toolCalls))).toEqual(said.calls);
        expect(uncut.deltas.at(-1)?.finish).toBe(finish_reason);
        const previews = uncut.deltas.flatMap(({ pieces = [] }) => pieces);
        said.calls.forEach((call, index) => {
          const own = previews.filter((piece) => piece.index === index);
          expect(own[0]?.name).toBe(call.name);
          expect(own.map((piece) => piece.arguments).join("")).toBe(call.arguments);
        });
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  test("left in the middle, bills what came, thinking too", async () => {
    const said = {
      thinking: ["a".repeat(40)],
      text: ["b".repeat(40)],
      calls: [],
      prompt: 20,
      cached: 0,
      completion: 20,
    };
    // The role, the thinking, and half of the end.
    upstream.answer = {
      headers: { "content-type": "text/event-stream" },
      pieces: events(said)
        .slice(0, 2)
        .map((event) => `data: ${JSON.stringify(event)}\n\n`),
      end: "open",
    };
    const stream = await engine.stream(request, never());
    for await (const { reasoning } of stream) if (reasoning) break;
    expect(stream.usage().completionTokens).toBe(estimateTokens(said.thinking.join("")));
  });
});
