import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Cancellation } from "#lib/engine/port/cancellation.ts";
import { collect } from "#lib/engine/port/collect.ts";
import { createUpstreamEngine } from "#lib/engine/upstream/engine.ts";
import { chatRequest, never } from "#lib/testing/engine-requests.ts";
import { type FakeAnswer, type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { Breaker, type Permit } from "./breaker.ts";
import { createRoutes, type Route } from "./routes.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const one of opened.splice(0)) await one.close();
});

const request = chatRequest("Hi");

/** One model at several upstreams, each of which answers in its way. */
async function open(...answers: (FakeAnswer | (() => FakeAnswer))[]) {
  const fakes: FakeUpstream[] = [];
  const routes: Route[] = [];
  for (const [index, answer] of answers.entries()) {
    const fake = await startFakeUpstream({ answer });
    const upstream = createUpstreamEngine({ id: `u${index}`, url: fake.url, timeoutMs: 1000 });
    opened.push(upstream, fake);
    fakes.push(fake);
    routes.push({
      upstream: `u${index}`,
      engine: upstream,
      model: `model-at-${index}`,
      breaker: new Breaker(
        () => undefined,
        () => 0,
      ),
    });
  }
  const [first, ...others] = routes;
  if (!first) throw new Error("No routes.");
  return { engine: createRoutes([first, ...others]), fakes, routes, breaker: first.breaker };
}

const asks = {
  whole: (engine: Awaited<ReturnType<typeof open>>["engine"]) => engine.complete(request, never()),
  streamed: async (engine: Awaited<ReturnType<typeof open>>["engine"]) =>
    collect(await engine.stream(request, never())),
};

describe.each(["whole", "streamed"] as const)("%s", (kind) => {
  test.each([
    ["a broken connection", { failure: "drop" }],
    ["silence", { failure: "hang" }],
    ["a 500", { status: 500 }],
    ["a 503", { status: 503 }],
    ["a 429", { status: 429 }],
    ["an answer that is none", { raw: { object: "nonsense" } }],
  ] as const)("after %s the next upstream answers, by its own name of the model", async (_, answer) => {
    const { engine, fakes } = await open(answer, { text: ["second"] });
    expect((await asks[kind](engine)).choices[0]?.message.content).toBe("second");
    expect(fakes[1]?.requests.map(({ body }) => body.model)).toEqual(["model-at-1"]);
  });

  test.each([400, 404, 413, 422])("a %i is the request's own, and no other is asked", async (status) => {
    const { engine, fakes } = await open({ status }, {});
    await expect(asks[kind](engine)).rejects.toMatchObject({ problem: status === 413 ? "too_large" : "invalid" });
    expect(fakes[1]?.requests).toHaveLength(0);
  });

  test("one that fails again and again is not asked any more, and says when to come back", async () => {
    const { engine, fakes, breaker } = await open({ status: 500 });
    for (let i = 0; i < 5; i++) await expect(asks[kind](engine)).rejects.toMatchObject({ problem: "unavailable" });
    expect(breaker).toMatchObject({ state: "open", reason: "500" });
    await expect(asks[kind](engine)).rejects.toMatchObject({ problem: "unavailable", retryAfter: 1 });
    expect(fakes[0]?.requests).toHaveLength(5);
  });

  test("while it is left alone the others answer at once, and it is taken back when it is well", async () => {
    let isWell = false;
    const { engine, fakes, breaker } = await open(() => (isWell ? { text: ["first"] } : { status: 500 }), {
      text: ["second"],
    });
    for (let i = 0; i < 7; i++) expect((await asks[kind](engine)).choices[0]?.message.content).toBe("second");
    expect(fakes[0]?.requests).toHaveLength(5);
    isWell = true;
    await vi.waitUntil(() => breaker.waitMs === 0, { timeout: 3000 });
    expect((await asks[kind](engine)).choices[0]?.message.content).toBe("first");
    expect(breaker.state).toBe("closed");
  });
});

test("after the first byte no other is asked", async () => {
  const { engine, fakes } = await open({ failure: "drop-in-stream", failAfter: 1 }, {});
  await expect(asks.streamed(engine)).rejects.toMatchObject({ problem: "unavailable" });
  expect(fakes[1]?.requests).toHaveLength(0);
});

test("a client that leaves is no failure of the upstream, and no other is asked", async () => {
  const { engine, fakes, breaker } = await open({ failure: "hang" }, {});
  for (let i = 1; i <= 6; i++) {
    const leaving = new Cancellation();
    const answer = engine.complete(request, leaving);
    await fakes[0]?.arrival(i);
    leaving.cancel();
    await expect(answer).rejects.toThrow();
  }
  expect(breaker.state).toBe("closed");
  expect(fakes[1]?.requests).toHaveLength(0);
});

describe("a breaker", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance"] });
  });

  const broken = (): Breaker => {
    const breaker = new Breaker(
      () => undefined,
      () => 0,
    );
    for (let i = 0; i < 5; i++) breaker.failed("request", "500");
    return breaker;
  };

  test("waits longer after each failed probe, a minute at most", () => {
    const breaker = broken();
    const waits: number[] = [];
    for (let i = 0; i < 9; i++) {
      waits.push(breaker.waitMs);
      vi.advanceTimersByTime(breaker.waitMs);
      expect(breaker.admit()).toBe("probe");
      breaker.failed("probe", "ECONNREFUSED");
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test("forgets failures that are long ago", () => {
    const breaker = new Breaker(() => undefined);
    for (let i = 0; i < 20; i++) {
      breaker.failed("request", "500");
      vi.advanceTimersByTime(60_001);
    }
    expect(breaker.state).toBe("closed");
  });

  type World = { breaker: Breaker; under: Permit[] };
  const ended =
    (how: (breaker: Breaker, permit: Permit) => void) =>
    ({ breaker, under }: World) => {
      const permit = under.shift();
      if (permit) how(breaker, permit);
    };
  const ask = ({ breaker, under }: World): void => {
    const wasProbing = breaker.state === "half_open" && under.includes("probe");
    const permit = breaker.admit();
    if (permit) under.push(permit);
    if (permit) expect(breaker.state).toBe(permit === "probe" ? "half_open" : "closed");
    if (wasProbing) expect(permit).toBeUndefined();
  };
  const acts = [
    ask,
    ask,
    ended((breaker) => breaker.succeeded()),
    ended((breaker, permit) => breaker.failed(permit, "500")),
    ended((breaker, permit) => breaker.abandoned(permit)),
    () => void vi.advanceTimersByTime(400),
  ];

  test("lets one probe go at a time, and requests only when it is closed, whatever happens in whatever order", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...acts), { maxLength: 80 }), (events) => {
        const world: World = { breaker: broken(), under: [] };
        for (const act of events) act(world);
        // It always comes back in the end.
        for (const permit of world.under.splice(0)) world.breaker.abandoned(permit);
        vi.advanceTimersByTime(60_000);
        expect(world.breaker.admit()).toBeDefined();
      }),
    );
  });
});

test("upstreams together take what the first takes, and moderate where it does", async () => {
  const { engine: plain, routes } = await open({});
  expect(plain.takes).toEqual(new Set(["reasoning_effort"]));
  expect(plain.takesTokens).toBe(false);
  const [route] = routes as [Route];
  const takes = new Set(["top_k"]);
  const rich = createRoutes([{ ...route, engine: { ...route.engine, takes, takesTokens: true } }]);
  expect(rich).toMatchObject({ takes, takesTokens: true, moderate: expect.any(Function) });
  const { moderate: _moderate, ...without } = route.engine;
  expect(createRoutes([{ ...route, engine: without }]).moderate).toBeUndefined();
});
