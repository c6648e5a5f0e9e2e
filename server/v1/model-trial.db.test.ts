import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays, now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { micros, type Pico } from "#lib/core/money.ts";
import { openPlayground } from "#lib/domain/keys/playground/commands.ts";
import { keepTrial } from "#lib/domain/lifecycle/trials/commands.ts";
import { keepTrialInput } from "#lib/domain/lifecycle/trials/input.ts";
import { trialPage } from "#lib/domain/lifecycle/trials/queries.ts";
import { isJson, promptsIn } from "#lib/domain/lifecycle/trials/rules.ts";
import type { TrialPage } from "#lib/domain/lifecycle/trials/view.ts";
import { setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import { announceEnd, beginAgreement, giveNotice } from "#lib/testing/model-ends.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { isInContentLog } from "#server/zero-retention/control.ts";
import { openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const price = { input: 1, output: 3 };
const v1 = await openV1(sql, undefined, { models: ["ending", "next"].map((id) => ({ id, price })) });
afterAll(v1.close);
const change = await announceEnd(sql, { model: "ending", replacement: "next" });

async function customer(): Promise<Context> {
  const ctx = await testWorkspace(db);
  // A customer from before the announcement, who has its notice.
  await beginAgreement(sql, ctx.organizationId, -300);
  await giveNotice(sql, { organizationId: ctx.organizationId, change, effectiveAt: addDays(now(), 30) });
  return ctx;
}

async function page(ctx: Context): Promise<TrialPage> {
  const found = await trialPage(ctx, "ending");
  if (!found) throw new Error("Its end is announced.");
  return found;
}

const figures = { promptTokens: 1_000_000, cachedTokens: 0, completionTokens: 1_000_000, ms: 900 };
const judged = (...verdicts: string[]) =>
  keepTrialInput.parse({
    model: "ending",
    judged: JSON.stringify(
      verdicts.map((verdict) => ({ current: figures, replacement: { ...figures, completionTokens: 0 }, verdict })),
    ),
  });

test("contract 22, T-4.2.1-DISC4: both are asked through /v1: held, priced, logged and refused by a limit like any request", async () => {
  const ctx = await customer();
  const { current, replacement } = await page(ctx);
  expect([current?.id, replacement?.id]).toEqual(["ending", "next"]);
  const { secret } = await openPlayground(ctx);
  const canary = "the canary of a trial";
  const ask = (model: string) =>
    v1.ask(secret, "POST", "/v1/chat/completions", {
      ...{ model, messages: [{ role: "user", content: canary }], temperature: 0, max_tokens: 5 },
    });
  for (const model of ["ending", "next"]) expect((await ask(model)).status).toBe(200);
  await v1.plane.meter.settled();
  const events = await sql`select model, cost_pico > 0 as "isBilled" from usage_events
    where organization_id = ${ctx.organizationId} order by id`;
  expect([...events]).toEqual([
    { model: "ending", isBilled: true },
    { model: "next", isBilled: true },
  ]);
  await setWorkspaceLimit(ctx, { limit: 1n as Pico });
  await expect.poll(async () => (await ask("next")).status).toBe(402);
});

test("contract 22, T-4.2.2.2-ZDR4: of a trial counts alone are kept; what was asked is in the sealed log, and nowhere under zero retention", async () => {
  const [keeping, silent] = [await customer(), await customer()];
  await sql`update organizations set zero_retention_since = now() where id = ${silent.organizationId}`;
  const canary = "seven herons and a trial";
  for (const ctx of [keeping, silent]) {
    const { secret } = await openPlayground(ctx);
    const asked = { model: "next", messages: [{ role: "user", content: canary }], max_tokens: 5 };
    expect((await v1.ask(secret, "POST", "/v1/chat/completions", asked)).status).toBe(200);
    await keepTrial(ctx, judged("better", "better", "same", "worse"));
    const [{ trials }, rows] = [
      await page(ctx),
      await sql`select * from model_trials where organization_id = ${ctx.organizationId}`,
    ];
    expect(trials).toMatchObject([{ better: 2, same: 1, worse: 1, ms: 3600, replacementMs: 3600 }]);
    expect(JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? String(value) : value))).not.toContain(
      "heron",
    );
  }
  const log = systemContext("test");
  await expect.poll(() => isInContentLog(log, keeping, canary)).toBe(true);
  expect(await isInContentLog(log, silent, canary)).toBe(false);
  // The costs are those of the prices, not what a browser says.
  const { trials, current } = await page(keeping);
  expect(current?.price).toMatchObject({ inputMicros: micros(1_000_000n), outputMicros: micros(3_000_000n) });
  expect(trials.map(({ costPico, replacementCostPico }) => [costPico, replacementCostPico])).toEqual([
    [16n * 10n ** 12n, 4n * 10n ** 12n],
  ]);
});

test("contract 22: a trial is of a model that ends, one's own workspace's, and figures of a browser have a range", async () => {
  const [ctx, stranger] = [await customer(), await customer()];
  await keepTrial(ctx, judged("same"));
  expect((await page(stranger)).trials).toEqual([]);
  expect(await trialPage(ctx, "next")).toBeNull();
  await expect(keepTrial(ctx, { ...judged("same"), model: "small" })).rejects.toMatchObject({ problem: "conflict" });
  const isTaken = (one: object) => keepTrialInput.safeParse({ model: "ending", judged: JSON.stringify([one]) }).success;
  const right = { current: figures, replacement: figures, verdict: "same" };
  expect(isTaken(right)).toBe(true);
  for (const wrong of [
    { ...right, verdict: "best" },
    { ...right, current: { ...figures, promptTokens: -1 } },
    { ...right, current: { ...figures, cachedTokens: figures.promptTokens + 1 } },
    { ...right, current: { ...figures, ms: 1e12 } },
  ])
    expect(isTaken(wrong)).toBe(false);
  for (const wrong of ["{", "[]", JSON.stringify(Array(21).fill(right))])
    expect(keepTrialInput.safeParse({ model: "ending", judged: wrong }).success).toBe(false);
});

test("prompts are parted by lines of dashes, and JSON is found in a fence too", () => {
  expect(promptsIn("a\n---\n\n b\nc \n --- \n---\na")).toEqual(["a", "b\nc"]);
  expect(['{"a":1}', " [1]", '```json\n{"a": 1}\n```'].every(isJson)).toBe(true);
  expect(["", "1", '"a"', "{", '{"a":1} and more'].some(isJson)).toBe(false);
});
