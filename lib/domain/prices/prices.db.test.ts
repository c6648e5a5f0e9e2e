import { beforeEach, describe, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays, dayOf, now } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { providerChanges } from "#lib/domain/audit/provider/queries.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { effective } from "#lib/domain/contract/values/rules.ts";
import { publishCatalogue } from "#lib/domain/models/commands.ts";
import { publishFirstThresholds, publishThresholds } from "#lib/domain/thresholds/commands.ts";
import { thresholdsInput } from "#lib/domain/thresholds/input.ts";
import { versionsOfThresholds } from "#lib/domain/thresholds/queries.ts";
import { operatorOf, orderDesk } from "#lib/testing/orders.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { setPrice } from "./commands.ts";
import { priceInput } from "./input.ts";
import { versionsOfPrices } from "./queries.ts";

const { db, sql } = await testDatabase();
const ctx = await testWorkspace(db);
const { author, second } = await orderDesk(db, ctx);
const desk = (): AccountContext => ({ ...author, now: now() });

let model: string;
let made = 0;
beforeEach(async () => {
  made += 1;
  model = `model-${made}`;
  await sql`insert into models (id, name, description, owned_by, upstream, upstream_model, capabilities, max_context_length, created_at)
    values (${model}, 'Tiny', '', 'us', 'embedded', 'tiny', '{}', 4096, now())`;
});

const set = (input: string, from = "") =>
  setPrice(desk(), priceInput.parse({ model, input, cachedInput: "0.01", output: "0.30", from }));
const inputs = async () =>
  (await versionsOfPrices(desk())).filter(({ modelId }) => modelId === model).map(({ price }) => price.inputMicros);
const day = (days: number) => dayOf(addDays(now(), days));

describe("T-7-SUB: a list price", () => {
  test("falls at once, and rises after 30 days of notice", async () => {
    await set("0.10");
    await set("0.05");
    await expect(set("0.06")).rejects.toMatchObject({ problem: "invalid", fields: { from: [expect.any(String)] } });
    await expect(set("0.06", day(30))).rejects.toMatchObject({ problem: "invalid" });
    await set("0.06", day(31));
    expect(await inputs()).toEqual([60_000n, 50_000n, 100_000n]);
    expect(
      (await versionsOfPrices(desk())).filter(({ modelId, isInForce }) => modelId === model && isInForce).length,
    ).toBe(1);
  });

  test("cannot fall for a moment to make an announced one rise without notice", async () => {
    await set("0.10");
    await set("0.04", day(2));
    await expect(set("0.10", day(3))).rejects.toMatchObject({ problem: "invalid" });
    await expect(set("0.02", day(1))).rejects.toMatchObject({ problem: "conflict" });
  });

  test("is never of the past, and a version stays as it is", async () => {
    await set("0.10");
    await expect(set("0.05", day(-1))).rejects.toMatchObject({ problem: "invalid" });
    await expect(sql`update prices set input_micros = 1 where model_id = ${model}`).rejects.toThrow();
  });

  test("that staff set is not undone by the file at the next start", async () => {
    const price = { input: 100_000n, cachedInput: 10_000n, output: 300_000n };
    const served = {
      upstream: "u",
      model: { id: model, description: "", aliases: [], capabilities: {}, maxContextLength: 1, price },
    };
    const start = () => publishCatalogue(operatorOf(db, ctx), [served as never]);
    await start();
    await set("0.05");
    await start();
    expect(await inputs()).toEqual([50_000n, 100_000n]);
  });
});

describe("T-5.2-ADV1: consumption thresholds", () => {
  const publish = (amounts: string, from = "") =>
    publishThresholds({ ...second, now: now() }, thresholdsInput.parse({ amounts, from }));
  const inForce = async (at = now()) => effective(await contractSources(ctx), "thresholds", at);

  test("have a first version once, and each later one holds from its instant on", async () => {
    await Promise.all([publishFirstThresholds(operatorOf(db, ctx)), publishFirstThresholds(operatorOf(db, ctx))]);
    expect((await versionsOfThresholds(desk())).map(({ version }) => version)).toEqual([1]);
    expect(await inForce()).toMatchObject({
      value: { amounts: ["5000", "20000", "50000", "100000"], step: "100000" },
      source: { kind: "linked", ref: "thresholds-1", title: "Consumption thresholds, version 1" },
      clause: "T-5.2-ADV1",
    });
    await publish("100; 300; then every 500.00", day(5));
    const boundary = new Date(`${day(5)}T00:00:00Z`);
    expect(await inForce()).toMatchObject({ until: boundary, source: { ref: "thresholds-1" } });
    expect(await inForce(boundary)).toMatchObject({ value: { amounts: ["10000", "30000"], step: "50000" } });
    await expect(publish("100", day(-1))).rejects.toMatchObject({ problem: "invalid" });
    await publish("none");
    expect((await inForce())?.value).toEqual({ amounts: [], step: null });
    expect((await inForce(boundary))?.value).toEqual({ amounts: [], step: null });
  });

  test.each(["", "50; 20", "0.001", "fifty", "50; then every 0"])("are amounts that rise, not %j", (amounts) => {
    expect(thresholdsInput.safeParse({ amounts, from: "" }).success).toBe(false);
  });
});

const changesOf = async (type: "price" | "thresholds", id: string) =>
  (await providerChanges(desk(), type))
    .filter(({ objectId }) => objectId === id)
    .map(({ actorKind, actorId, actorName, action, before, after }) => ({
      actorKind,
      actorId,
      actorName,
      action,
      before,
      after,
    }));

describe("what holds for all customers", () => {
  const staff = { actorKind: "staff", actorId: author.actor.id, actorName: author.actor.name };

  test("has an audit row for each change of a list price: who, before and after", async () => {
    const start = () =>
      publishCatalogue(operatorOf(db, ctx), [
        {
          upstream: "u",
          model: {
            id: model,
            description: "",
            aliases: [],
            capabilities: {},
            maxContextLength: 1,
            price: { input: 100_000n, cachedInput: 10_000n, output: 300_000n },
          },
        } as never,
      ]);
    await start();
    await set("0.05");
    await set("0.06", day(31));
    await expect(set("0.07")).rejects.toMatchObject({ problem: "invalid" });
    await start();
    const [first, second] = [
      { prompt: "0.1", prompt_cached: "0.01", answer: "0.3" },
      { prompt: "0.05", prompt_cached: "0.01", answer: "0.3" },
    ];
    expect(await changesOf("price", model)).toEqual([
      {
        ...staff,
        action: "price.set",
        before: second,
        after: { ...second, prompt: "0.06", from: `${day(31)}T00:00:00.000Z` },
      },
      { ...staff, action: "price.set", before: first, after: { ...second, from: expect.any(String) } },
      {
        actorKind: "system",
        actorId: "system",
        actorName: "test",
        action: "price.set",
        before: null,
        after: { ...first, from: expect.any(String) },
      },
    ]);
  });

  test("has an audit row for each version of the thresholds, chained like a customer's", async () => {
    await publishFirstThresholds(operatorOf(db, ctx));
    const { version } = (await versionsOfThresholds(desk()))[0] ?? { version: 0 };
    const from = day(400);
    const later = await publishThresholds(desk(), thresholdsInput.parse({ amounts: "70; then every 90", from }));
    expect(later).toBe(version + 1);
    expect(await changesOf("thresholds", String(later))).toEqual([
      {
        ...staff,
        action: "thresholds.publish",
        before: expect.objectContaining({ version }),
        after: { version: later, amounts: ["70.00"], step: "90.00", from: `${from}T00:00:00.000Z` },
      },
    ]);
    const flawed = await sql`select * from audit_flaws(null, 0, '')`;
    expect(flawed).toHaveLength(0);
  });

  test("is read by those who may change it, and is in no customer's log", async () => {
    await set("0.10");
    const none = { ...desk(), actor: { ...author.actor, permissions: new Set<never>() } };
    for (const type of ["price", "thresholds"] as const)
      await expect(providerChanges(none, type)).rejects.toMatchObject({ problem: "forbidden" });
    const rows = await sql`select organization_id from audit_events where object_type in ('price', 'thresholds')
      and organization_id in (select id from organizations)`;
    expect(rows).toHaveLength(0);
  });
});
