import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { scopes } from "#lib/core/access/roles.ts";
import { now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { withdrawOrder } from "#lib/domain/orders/commands.ts";
import { orderDesk } from "#lib/testing/orders.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);

await sql`insert into legal_entities (id, name, address, email, updated_at) values ('us', 'Us', '{}', 'us@example.com', now())`;

const block = (organizationId: Id<"organization">, reason: string | null) =>
  sql`insert into billing_accounts (organization_id, legal_entity_id, currency, provider, livemode, collection, name, address,
      vat_status, emails, blocked_at, blocked_reason, created_at, updated_at)
    values (${organizationId}, 'us', 'EUR', 'manual', false, 'auto', 'Test', '{}', 'none', '{}', ${reason && new Date()}, ${reason}, now(), now())
    on conflict (organization_id) do update set blocked_at = excluded.blocked_at, blocked_reason = excluded.blocked_reason`;

let ctx: Context;
let secret: string;
beforeEach(async () => {
  ctx = await testWorkspace(db);
  secret = await keyOf(ctx, { scopes: [...scopes] });
});

const messages = [{ role: "user", content: "Hi" }];
const chat = (model = "small") => v1.ask(secret, "POST", "/v1/chat/completions", { model, messages, max_tokens: 5 });
const status = async () => (await chat()).status;

describe("T-5.2-BILL: while invoices are unpaid", () => {
  test.each(["unpaid", "exposure"])(
    "every request to a model is 402 in under a second, and answered once it is paid: %s",
    async (reason) => {
      expect(await status()).toBe(200);
      await block(ctx.organizationId, reason);
      await expect.poll(status, { timeout: 1000, interval: 20 }).toBe(402);
      const { body, headers } = await chat();
      expect(body).toMatchObject({ type: "payment_required", code: "payment_required", reason });
      expect(body.billing_url).toMatch(new RegExp(`/${ctx.workspaceId}/organization/billing$`));
      expect(headers.get("x-should-retry")).toBe("false");
      const others: [string, object][] = [
        ["/v1/fim/completions", { model: "small", prompt: "x", max_tokens: 5 }],
        ["/v1/embeddings", { model: "small", input: "x" }],
        ["/v1/completions", { model: "small", prompt: "x", max_tokens: 5 }],
        ["/v1/responses", { model: "small", input: "x", store: false }],
        ["/v1/conversations", { model: "small", inputs: "x", store: false }],
      ];
      for (const [path, asked] of others)
        expect([path, (await v1.ask(secret, "POST", path, asked)).status]).toEqual([path, 402]);
      await block(ctx.organizationId, null);
      await expect.poll(status, { timeout: 1000, interval: 20 }).toBe(200);
    },
  );

  test("nothing is asked of the inference server, and what is kept can be read", async () => {
    await block(ctx.organizationId, "unpaid");
    await expect.poll(status, { timeout: 1000, interval: 20 }).toBe(402);
    const asked = v1.upstream.requests.length;
    await chat();
    expect(v1.upstream.requests.length).toBe(asked);
    expect((await v1.ask(secret, "GET", "/v1/models")).status).toBe(200);
    expect((await v1.ask(secret, "GET", "/v1/conversations")).status).toBe(200);
    const events = await v1.counted(ctx.organizationId);
    expect(events.every(({ cost }) => cost === "0")).toBe(true);
  });

  test("the free plan goes on, because it owes nothing", async () => {
    await sql`update organizations set plan = 'free' where id = ${ctx.organizationId}`;
    await block(ctx.organizationId, "unpaid");
    expect(await status()).toBe(200);
  });
});

const prices = (organizationId: string) =>
  sql`select input_micros from usage_events where organization_id = ${organizationId} order by id`.then((rows) =>
    rows.map(({ input_micros }) => Number(input_micros)),
  );

test("billing 34: a price that changes while a request is answered is not its price, and is the next one's", async () => {
  let changed: Promise<unknown> = Promise.resolve();
  v1.script.push(() => {
    changed = sql`insert into prices (model_id, valid_from, input_micros, cached_input_micros, output_micros)
      values ('large', now(), 5000000, 5000000, 5000000)`.then(() => undefined);
    return { text: ["Late."], promptTokens: 10, completionTokens: 2 };
  });
  expect((await chat("large")).status).toBe(200);
  await changed;
  await expect
    .poll(async () => {
      await chat("large");
      await v1.plane.meter.settled();
      return (await prices(ctx.organizationId)).at(-1);
    })
    .toBe(5_000_000);
  expect((await prices(ctx.organizationId))[0]).toBe(1_000_000);
});

test("billing 12: an ordered price is what the event of the next request has, and what an order gives a price is listed", async () => {
  const { active } = await orderDesk(db, ctx);
  await active("price:input:small = 0.25\ndiscount = 10");
  await expect
    .poll(async () => {
      await chat();
      await v1.plane.meter.settled();
      const [last] = await sql`select input_micros, cached_input_micros, output_micros from usage_events
        where organization_id = ${ctx.organizationId} order by id desc limit 1`;
      return Object.values(last ?? {}).map(Number);
    })
    .toEqual([250_000, 90_000, 2_700_000]);
  const events = await sql`select training_eligible from usage_events where organization_id = ${ctx.organizationId}`;
  expect(events.every(({ training_eligible }) => training_eligible === false)).toBe(true);
});

test("T-4.2.2.2-LIM1: the cap of an order stops requests as a limit does, and ends with its order", async () => {
  const { active, named, author } = await orderDesk(db, ctx);
  expect(await status()).toBe(200);
  const id = await active("cap = 0");
  await expect.poll(status, { timeout: 1000, interval: 20 }).toBe(402);
  expect((await chat()).body).toMatchObject({ type: "spend_limit_reached", scope: "organization", period: "month" });
  await withdrawOrder({ ...author, now: now() }, { ...named(id), reason: "Signed by mistake" });
  await expect.poll(status, { timeout: 1000, interval: 20 }).toBe(200);
});
