import { beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { contractModels, modelNamed } from "#lib/domain/contract/values/queries.ts";
import { moveAlias } from "#lib/domain/lifecycle/aliases/commands.ts";
import { publishCatalogue } from "#lib/domain/models/commands.ts";
import { applyNotices } from "#lib/domain/notices/legal/applying/commands.ts";
import { settleNotices, sweepRuns } from "#lib/domain/notices/legal/commands.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { announceEnd, beginAgreement } from "#lib/testing/model-ends.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { notices } from "./registry.ts";

const { db, sql } = await testDatabase();
const start = new Date("2026-12-01T10:00:00Z");
const house = (at: Date) => systemContext("test", { at });
const desk = (at = start) => staffAt("models", at);

async function sweep(when: Date): Promise<void> {
  await settleNotices(house(when), notices);
  await sweepRuns(house(when), notices);
  await applyNotices(house(when), notices);
}

const served = (id: string, input: bigint, aliases: string[] = []) => ({
  upstream: "u",
  model: {
    ...{ id, description: "", aliases, capabilities: { completion_chat: true }, maxContextLength: 1 },
    price: { input, output: 3n },
  },
});
const catalogue = [served("one", 10n, ["latest"]), served("cheap", 9n), served("dear", 11n)];

async function customer(startsAt: Date): Promise<Context> {
  const ctx = await testWorkspace(db);
  await beginAgreement(sql, ctx.organizationId, 0);
  await sql`update agreements set starts_at = ${startsAt} where organization_id = ${ctx.organizationId}`;
  return ctx;
}
const answers = async (ctx: Context, at: Date) =>
  (await modelNamed({ ...ctx, now: at }, "models.read", "latest"))?.model.id;

let old: Context;
beforeEach(async () => {
  await sql`truncate alias_moves, model_changes, notice_runs, legal_notices, deadlines cascade`;
  await sql`update agreements set ended_at = starts_at where ended_at is null`;
  await publishCatalogue(house(addDays(start, -9)), catalogue as never);
  old = await customer(addDays(start, -100));
});

const move = (to: string, days: number, ctx = desk()) =>
  moveAlias(ctx, { alias: "latest", to, from: addDays(ctx.now, days) });

test("contract 20, T-4.2.1-DISC4: a name moves 14 days ahead, and 30 where any price rises", async () => {
  await expect(
    moveAlias(desk(), { alias: "latest", to: "cheap", from: new Date(addDays(start, 14).getTime() - 1) }),
  ).rejects.toMatchObject({ code: "too_early", details: { earliest: addDays(start, 14).toISOString() } });
  await expect(move("dear", 29)).rejects.toMatchObject({ code: "too_early" });
  await move("dear", 30);
  await expect(move("cheap", 40)).rejects.toMatchObject({ code: "move_refused" });
});

test("contract 20, T-4.2.1-DISC4: each customer is told what both cost, and keeps the name until their own date", async () => {
  await move("cheap", 14);
  await sweep(start);
  const late = await customer(addDays(start, -50));
  await sweep(addDays(start, 3));
  const day = (days: number, ms = 0) => new Date(addDays(start, days).getTime() + ms);
  expect(await answers(old, day(14, -1))).toBe("one");
  expect(await answers(old, day(14))).toBe("cheap");
  expect(await answers(late, day(17, -1))).toBe("one");
  expect(await answers(late, day(17))).toBe("cheap");
  const fresh = await customer(addDays(start, 2));
  expect(await answers(fresh, day(14, -1))).toBe("one");
  expect(await answers(fresh, day(14))).toBe("cheap");
  const names = async (ctx: Context, at: Date) =>
    (await contractModels({ ...ctx, now: at })).filter(({ aliases }) => aliases.includes("latest")).map(({ id }) => id);
  expect([await names(old, day(14)), await names(late, day(14))]).toEqual([["cheap"], ["one"]]);
  const [letter] = await sql`select subject, text from letters where organization_id = ${old.organizationId}`;
  expect(letter?.subject).toBe("latest stands for cheap from 2026-12-15");
  expect(letter?.text).toMatch(/one: .* for a million tokens .*cheap: /s);
  const clocks =
    await sql`select clock from deadlines where organization_id = ${old.organizationId} and met_at is null`;
  expect(clocks.map(({ clock }) => clock)).toEqual(["alias.move"]);
  await sweep(day(18));
  expect((await sql`select count(*)::int as n from deadlines where met_at is null`)[0]?.n).toBe(0);
});

test("contract 20, T-4.2.1-DISC2: a new customer gets what replaces a target they cannot have, at once", async () => {
  await announceEnd(sql, { model: "one", replacement: "cheap", announcedAt: start, retiresAt: addDays(start, 200) });
  const fresh = await customer(addDays(start, 1));
  expect(await answers(fresh, addDays(start, 1))).toBe("cheap");
  expect(await answers(old, addDays(start, 1))).toBe("one");
  await expect(moveAlias(desk(), { alias: "latest", to: "one", from: addDays(start, 90) })).rejects.toMatchObject({
    code: "move_refused",
  });
});

test("contract 19, T-4.2.1-DISC4: what was moved stays moved, whatever the configuration says", async () => {
  await move("cheap", 14);
  await sweep(start);
  const again = [served("one", 10n, ["latest"]), served("cheap", 9n), served("dear", 11n, ["latest"])];
  expect((await publishCatalogue(house(addDays(start, 20)), again as never)).names).toEqual(["latest", "latest"]);
  expect(await answers(old, addDays(start, 20))).toBe("cheap");
});
