import { afterEach, describe, expect, test } from "vitest";
import { Cancellation, Cancelled } from "#lib/engine/port/cancellation.ts";
import type { Engine } from "#lib/engine/port/port.ts";
import { chatRequest, never } from "#lib/testing/engine-requests.ts";
import { type FakeUpstream, type FakeUpstreamOptions, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import type { UpstreamConfig } from "./config.ts";
import { createUpstreamEngine } from "./engine.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function open(
  options: FakeUpstreamOptions,
  config: Partial<UpstreamConfig> = {},
): Promise<{ engine: Engine; fake: FakeUpstream }> {
  const fake = await startFakeUpstream(options);
  const engine = createUpstreamEngine({ id: "fake", url: fake.url, timeoutMs: 60_000, ...config });
  opened.push(engine, fake);
  return { engine, fake };
}

const request = chatRequest("Hi");

describe("refusals", () => {
  test.each([400, 404, 422])("%i is the customer's to mend, in the upstream's words", async (status) => {
    const { engine, fake } = await open({ answer: { status, message: `too hot ${"x".repeat(900)}` } });
    const error = await engine.complete(request, never()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ problem: "invalid", message: expect.stringMatching(/^too hot x{492}$/) });
    await expect(engine.stream(request, never())).rejects.toMatchObject({ problem: "invalid" });
    expect(fake.requests).toHaveLength(2);
  });

  test.each([401, 403, 500, 302])("%i is ours to mend, and what the upstream wrote stays here", async (status) => {
    const { engine, fake } = await open({ answer: { status, message: "password of db-7 is wrong" } });
    const error = await engine.complete(request, never()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ problem: "unavailable", message: expect.not.stringContaining("db-7") });
    expect(fake.requests).toHaveLength(1);
  });

  test("429 is passed on with its waiting time", async () => {
    const { engine } = await open({ answer: { status: 429, headers: { "retry-after": "7" } } });
    await expect(engine.complete(request, never())).rejects.toMatchObject({ problem: "rate_limited", retryAfter: 7 });
  });

  test("an error inside a stream is an error answer while nothing was sent", async () => {
    const { engine } = await open({ answer: { failure: "error-in-stream", failAfter: 0 } });
    const error = await engine.stream(request, never()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ problem: "unavailable", message: expect.not.stringContaining("detail") });
  });

  test.each([
    [500, "unavailable"],
    [400, "invalid"],
  ] as const)("an error %i that comes with status 200 is %s", async (code, problem) => {
    const { engine } = await open({ answer: { raw: { error: { message: "some words", code } } } });
    await expect(engine.complete(request, never())).rejects.toMatchObject({ problem });
    await expect(engine.stream(request, never())).rejects.toMatchObject({ problem });
  });
});

describe("retries", () => {
  test.each([502, 503, 504])("%i is tried once more", async (status) => {
    const { engine, fake } = await open({ answer: (_, count) => (count === 1 ? { status } : {}) });
    expect((await engine.complete(request, never())).choices[0]?.message.content).toBe("Hello there.");
    expect(fake.requests).toHaveLength(2);
  });

  test("a second 503 is the end", async () => {
    const { engine, fake } = await open({ answer: { status: 503 } });
    await expect(engine.complete(request, never())).rejects.toMatchObject({ problem: "unavailable" });
    expect(fake.requests).toHaveLength(2);
  });

  test("a broken connection is tried once more", async () => {
    const { engine, fake } = await open({ answer: (_, count) => (count === 1 ? { failure: "drop" } : {}) });
    await engine.complete(request, never());
    expect(fake.requests).toHaveLength(2);
  });

  test("an upstream that is not there is unavailable", async () => {
    const engine = createUpstreamEngine({ id: "none", url: "http://127.0.0.1:1/v1", timeoutMs: 2000 });
    opened.push(engine);
    await expect(engine.complete(request, never())).rejects.toMatchObject({ problem: "unavailable" });
  });

  test("after the first byte nothing is asked twice", async () => {
    const { engine, fake } = await open({ answer: { failure: "drop-in-stream", failAfter: 2 } });
    const stream = await engine.stream(request, never());
    const texts: unknown[] = [];
    const reading = (async () => {
      for await (const { content } of stream) texts.push(content);
    })();
    await expect(reading).rejects.toMatchObject({ problem: "unavailable" });
    expect(texts).toEqual(["Hello", " there."]);
    expect(stream.usage().completionTokens).toBeGreaterThan(0);
    expect(fake.requests).toHaveLength(1);
  });

  test("a stream that ends in the middle without a word ends with an error", async () => {
    const { engine } = await open({ answer: { failure: "end-in-stream", failAfter: 1 } });
    const finishes: unknown[] = [];
    for await (const { finish } of await engine.stream(request, never())) finishes.push(finish);
    expect(finishes).toEqual([null, "error"]);
  });
});

describe("silence and leaving", () => {
  test.each(["hang", "hang-in-stream"] as const)("silence (%s) is given up after the time allowed", async (failure) => {
    const { engine } = await open({ answer: { failure, failAfter: 0 } }, { timeoutMs: 100 });
    await expect(engine.stream(request, never())).rejects.toMatchObject({ problem: "unavailable" });
  });

  test("an abort while waiting reaches the upstream", async () => {
    const { engine, fake } = await open({ answer: { failure: "hang" } });
    const leaving = new Cancellation();
    const answer = engine.complete(request, leaving);
    const arrived = await fake.arrival(1);
    leaving.cancel();
    await expect(answer).rejects.toThrow(Cancelled);
    await arrived.closed;
    expect(arrived.aborted).toBe(true);
  });

  test("an abort in the middle of a stream reaches the upstream", async () => {
    const { engine, fake } = await open({ answer: { failure: "hang-in-stream" } });
    const leaving = new Cancellation();
    const stream = await engine.stream(request, leaving);
    const reading = (async () => {
      for await (const _ of stream) leaving.cancel();
    })();
    await expect(reading).rejects.toThrow(Cancelled);
    const arrived = await fake.arrival(1);
    await arrived.closed;
    expect(arrived.aborted).toBe(true);
  });

  test("a reader who leaves early ends the request at the upstream", async () => {
    const { engine, fake } = await open({ answer: { failure: "hang-in-stream" } });
    for await (const _ of await engine.stream(request, never())) break;
    const arrived = await fake.arrival(1);
    await arrived.closed;
    expect(arrived.aborted).toBe(true);
  });

  test("when one of several choices fails, the others are not worked on", async () => {
    const { engine, fake } = await open({
      answer: (_, count) => (count === 2 ? { status: 400 } : { failure: "hang" }),
    });
    await expect(engine.complete(chatRequest("Hi", { n: 2 }), never())).rejects.toMatchObject({ problem: "invalid" });
    const arrived = await fake.arrival(1);
    await arrived.closed;
    expect(arrived.aborted).toBe(true);
  });
});
