import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { scopes } from "#lib/core/access/roles.ts";
import { addDays, now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { announceEnd, beginAgreement, giveNotice } from "#lib/testing/model-ends.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);

const announcedAt = addDays(now(), -200);
const retiresAt = addDays(now(), 20);
const floor = new Date("2027-09-01T12:30:00.250Z");
let noticed: { ctx: Context; secret: string };
let waiting: { ctx: Context; secret: string };

async function customer() {
  const ctx = await testWorkspace(db);
  await beginAgreement(sql, ctx.organizationId, -300);
  return { ctx, secret: await keyOf(ctx, { scopes: [...scopes] }) };
}
beforeAll(async () => {
  [noticed, waiting] = [await customer(), await customer()];
  const change = await announceEnd(sql, { model: "small", replacement: "large", announcedAt, retiresAt });
  await giveNotice(sql, { organizationId: noticed.ctx.organizationId, change, effectiveAt: floor });
});

const messages = [{ role: "user", content: "Hi" }];
const deprecation = `@${Math.floor(announcedAt.getTime() / 1000)}`;
const link =
  '</docs/models/small>; rel="deprecation", </legal/terms#discontinued>; rel="sunset", </v1/models/large>; rel="successor-version"';
const told = (headers: Headers) =>
  ["deprecation", "sunset", "link", "x-model-deprecation-timestamp"].map((name) => headers.get(name));
const whole = [deprecation, "Wed, 01 Sep 2027 12:30:01 GMT", link, floor.toISOString()];
const withoutVendor = [...whole.slice(0, 3), null];

test.each([
  ["/v1/chat/completions", { messages, max_tokens: 5 }, whole],
  ["/v1/fim/completions", { prompt: "def f", max_tokens: 5 }, whole],
  ["/v1/embeddings", { input: "Text" }, whole],
  ["/v1/chat/completions", { messages, max_tokens: 5, stream: true }, withoutVendor],
  ["/v1/fim/completions", { prompt: "def f", max_tokens: 5, stream: true }, withoutVendor],
  ["/v1/completions", { prompt: "Once", max_tokens: 5 }, withoutVendor],
  ["/v1/responses", { input: "Hi", store: false }, withoutVendor],
  ["/v1/conversations", { inputs: "Hi", store: false }, withoutVendor],
] as const)(
  "contract 18, T-4.2.1-DISC1: answers of %s with %j tell the end of their model",
  async (path, body, expected) => {
    if (path === "/v1/embeddings") v1.script.push({ vectors: [[0.1]] } as never);
    const response = await v1.send(noticed.secret, "POST", path, { model: "small", ...body });
    await response.text();
    expect(told(response.headers)).toEqual(expected);
  },
);

test("contract 18, T-4.2.1-DISC1: agents too; other models, lists and refusals of unknown names say nothing", async () => {
  const agent = (await v1.ask(noticed.secret, "POST", "/v1/agents", { model: "small", name: "Old" })).body;
  const asked = { agent_id: agent.id, messages };
  expect(told((await v1.ask(noticed.secret, "POST", "/v1/agents/completions", asked)).headers)).toEqual(whole);
  const nothing = [null, null, null, null];
  for (const model of ["large", "never-was"]) {
    const { headers } = await v1.ask(noticed.secret, "POST", "/v1/chat/completions", { model, messages });
    expect(told(headers)).toEqual(nothing);
  }
  expect(told((await v1.ask(noticed.secret, "GET", "/v1/models")).headers)).toEqual(nothing);
});

test("contract 18, T-4.2.1-DISC3: who has no notice yet has no date yet", async () => {
  const { headers } = await v1.ask(waiting.secret, "POST", "/v1/chat/completions", { model: "small", messages });
  expect(told(headers)).toEqual([deprecation, null, link, null]);
  const { body } = await v1.ask(waiting.secret, "GET", "/v1/models/small");
  expect(body).toMatchObject({ deprecation: announcedAt.toISOString(), retires_at: null, shutdown_date: null });
});

test("contract 18, T-4.2.1-DISC1: the card of a model has both vendors' fields, the list too", async () => {
  const fields = {
    deprecation: announcedAt.toISOString(),
    deprecation_replacement_model: "large",
    retires_at: floor.toISOString(),
    shutdown_date: "2027-09-01",
  };
  expect((await v1.ask(noticed.secret, "GET", "/v1/models/small")).body).toMatchObject(fields);
  const { data } = (await v1.ask(noticed.secret, "GET", "/v1/models")).body as { data: { id: string }[] };
  expect(data.find(({ id }) => id === "small")).toMatchObject(fields);
  expect(data.find(({ id }) => id === "large")).toMatchObject({ deprecation: null, shutdown_date: null });
});
