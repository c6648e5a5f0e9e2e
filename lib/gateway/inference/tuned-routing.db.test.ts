import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { tunedModel } from "#lib/testing/tuned-model.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "#server/v1/testing.ts";

const { db, sql } = await testDatabase();
let isWell = true;
let third: FakeUpstream;
let other: FakeUpstream;
let v1: Awaited<ReturnType<typeof openV1>>;
let ctx: Context;
let secret: string;

beforeAll(async () => {
  other = await startFakeUpstream({ answer: () => (isWell ? { text: ["From there."] } : { status: 500 }) });
  third = await startFakeUpstream({ answer: { text: ["From the third."] } });
  const models = [{ id: "small", upstreamModel: "small-there", price: { input: 1, output: 3 } }];
  const upstreams = [
    { id: "there", url: other.url, models },
    { id: "third", url: third.url, models },
  ];
  v1 = await openV1(sql, undefined, { upstreams });
});
afterAll(async () => {
  await v1.close();
  await other.close();
  await third.close();
});
beforeEach(async () => {
  isWell = true;
  ctx = await testWorkspace(db);
  secret = await keyOf(ctx);
});

const chat = (model: string) =>
  v1.ask(secret, "POST", "/v1/chat/completions", { model, messages: [{ role: "user", content: "Hello" }] });

/** A model that these upstreams have; null is the time before this was kept. */
async function modelAt(upstreams: string[] | null) {
  const made = await tunedModel(ctx);
  await db.update(tunedModels).set({ upstreams }).where(eq(tunedModels.id, made.id));
  return made;
}

test("fine-tuning 37: a tuned model is asked of the upstream that trained it, and of no other of its base", async () => {
  const { id, there } = await modelAt(["there"]);
  const before = v1.upstream.requests.length;
  expect((await chat(id)).body.choices[0].message.content).toBe("From there.");
  expect(other.requests.at(-1)?.body.model).toBe(there);
  // Its base goes to the first that serves it, as ever.
  expect((await chat("small")).body.choices[0].message.content).toBe("Hello there.");
  isWell = false;
  expect(await chat(id)).toMatchObject({ status: 503, body: { code: "unavailable" } });
  expect(v1.upstream.requests.length).toBe(before + 1);
  expect(third.requests).toHaveLength(0);
});

test("fine-tuning 37: one that several upstreams have goes to the next of them where the first cannot answer", async () => {
  const { id, there } = await modelAt(["third", "there"]);
  isWell = false;
  expect((await chat(id)).body.choices[0].message.content).toBe("From the third.");
  expect(third.requests.at(-1)?.body.model).toBe(there);
});

test("fine-tuning 37: one whose upstream is not configured any more is asked of nobody", async () => {
  const { id } = await modelAt(["gone"]);
  const before = v1.upstream.requests.length;
  expect(await chat(id)).toMatchObject({ status: 503 });
  expect(v1.upstream.requests.length).toBe(before);
});
