import { beforeEach, describe, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays, dayOf, now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { pico } from "#lib/core/money.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { effective, priceFor } from "#lib/domain/contract/values/rules.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { setOrganizationLimit } from "#lib/domain/limits/commands.ts";
import { withdrawOrder } from "#lib/domain/orders/commands.ts";
import { factsOf } from "#lib/domain/rates/queries.ts";
import { limitsFor } from "#lib/domain/rates/rules.ts";
import { openAuthenticator } from "#lib/gateway/authentication/authenticator.ts";
import { openChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import { orderDesk } from "#lib/testing/orders.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { priceOf } from "./price.ts";

const { db, sql } = await testDatabase();
await sql`insert into models (id, name, description, owned_by, upstream, upstream_model, capabilities, max_context_length, created_at)
  values ('tiny-chat-1', 'Tiny', '', 'us', 'embedded', 'tiny-chat-1', '{}', 4096, now())`;
await sql`insert into prices (model_id, valid_from, input_micros, cached_input_micros, output_micros)
  values ('tiny-chat-1', '2020-01-01', 100000, 10000, 300000)`;

let ctx: Context;
let { author, active, named } = {} as Awaited<ReturnType<typeof orderDesk>>;
beforeEach(async () => {
  ctx = await testWorkspace(db);
  ({ author, active, named } = await orderDesk(db, ctx));
});

const later = (days = 0): Date => addDays(now(), days);
const valueAt = async (key: Parameters<typeof effective>[1], at = later()) =>
  effective(await contractSources(ctx), key, at);

describe("the gate", () => {
  const open = async () => {
    const changes = await openChangeFeed(sql);
    return { changes, gate: openAuthenticator(sql, changes) };
  };

  test("billing 12, contract 6: a price is that of the instant of admission, to the millisecond at which an order begins and ends", async () => {
    await active("price:input:tiny-chat-1 = 0.05\ndiscount = 50", {
      startsAt: dayOf(later(2)),
      endsAt: dayOf(later(3)),
    });
    const facts = await contractSources(ctx);
    const model = {
      id: "tiny-chat-1",
      price: { inputMicros: 100_000n, cachedInputMicros: 10_000n, outputMicros: 300_000n },
    } as never;
    const [start, end] = [
      new Date(`${dayOf(later(2))}T00:00:00Z`).getTime(),
      new Date(`${dayOf(later(4))}T00:00:00Z`).getTime(),
    ];
    const input = (at: number) => priceFor(facts, model, at)?.inputMicros;
    expect([input(start - 1), input(start), input(end - 1), input(end)]).toEqual([
      100_000n,
      50_000n,
      50_000n,
      100_000n,
    ]);
    expect(priceFor(facts, model, start)).toMatchObject({ cachedInputMicros: 5_000n, outputMicros: 150_000n });
  });

  test("contract 6, T-3-PO: knows an approved order on the next request, in every process, within a second", async () => {
    const { secret } = await createKey(ctx, {
      name: "k",
      scopes: ["completions:create"],
      models: null,
      addresses: null,
      expiresInDays: null,
    });
    const processes = await Promise.all([open(), open()]);
    const prices = () =>
      Promise.all(
        processes.map(async ({ gate }) => {
          const key = await gate.authenticate(secret, "127.0.0.1");
          const model = await gate.model("tiny-chat-1", key);
          if (!model) throw new Error("There is no such model.");
          return priceOf(key, model, now().getTime())?.inputMicros;
        }),
      );
    expect(await prices()).toEqual([100_000n, 100_000n]);
    await active("price:input:tiny-chat-1 = 0.05");
    await expect.poll(prices, { timeout: 1000 }).toEqual([50_000n, 50_000n]);
    await Promise.all(processes.map(({ changes }) => changes.close()));
  });

  test("T-4.2.2.2-LIM1: an order's cap is a limit of the organization beside its own, and the tighter one holds", async () => {
    const month = `${dayOf(now()).slice(0, 7)}-01`;
    const limits = async () => {
      const rows =
        await sql`select limit_pico from spend_standing(${ctx.organizationId}, 'organization', ${ctx.organizationId}, ${month}) order by 1`;
      return rows.map(({ limit_pico }) => BigInt(limit_pico));
    };
    const id = await active("cap = 250.00");
    expect(await limits()).toEqual([250n * 10n ** 12n]);
    expect(await valueAt("cap")).toMatchObject({ value: "25000", source: { ref: id } });
    await setOrganizationLimit(ctx, { limit: pico(250n * 10n ** 12n) });
    expect(await limits()).toEqual([250n * 10n ** 12n]);
    await withdrawOrder({ ...author, now: now() }, { ...named(id), reason: "Signed by mistake" });
    expect((await valueAt("cap"))?.value).toBe(null);
    expect(await limits()).toEqual([250n * 10n ** 12n]);
  });

  test("T-4.2.2.2-RL: ordered rate limits begin and end with their order, for the model they name and for every other", async () => {
    const [from, to] = [later(2), later(3)].map(dayOf);
    await active("rate:tokens_minute:* = 7000\nrate:tokens_minute:tiny-chat-1 = 9000", { startsAt: from, endsAt: to });
    const facts = await factsOf(ctx);
    const start = new Date(`${from}T00:00:00Z`);
    const minute = (model: string, at: Date) =>
      limitsFor(facts, { workspaceId: null, model }, at).find(({ kind }) => kind === "tokens_minute");
    expect(minute("tiny-chat-1", new Date(start.getTime() - 1))?.value).toBe(500_000);
    expect(minute("tiny-chat-1", start)).toMatchObject({ value: 9000, source: { document: "Purchase order 4711" } });
    expect(minute("another", start)?.value).toBe(7000);
    expect(minute("another", addDays(start, 2))?.value).toBe(500_000);
    expect((await valueAt("rate:tokens_minute:tiny-chat-1", start))?.value).toBe(9000);
  });

  test("T-4.2.2.2-ZDR1: zero retention that is ordered holds in the gate while the order does", async () => {
    const draft = { scopes: ["completions:create" as const], models: null, addresses: null, expiresInDays: null };
    const { secret } = await createKey(ctx, { name: "k", ...draft });
    const { changes, gate } = await open();
    const isKept = async () => !(await gate.authenticate(secret, "127.0.0.1")).isZeroRetention;
    expect(await isKept()).toBe(true);
    const id = await active("zero-retention = yes");
    await expect.poll(isKept, { timeout: 1000 }).toBe(false);
    await withdrawOrder({ ...author, now: now() }, { ...named(id), reason: "Signed by mistake" });
    await expect.poll(isKept, { timeout: 1000 }).toBe(true);
    await changes.close();
  });
});
