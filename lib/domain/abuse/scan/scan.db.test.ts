import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { endItems } from "#lib/domain/abuse/commands.ts";
import { monitoringMonths } from "#lib/domain/abuse/counts/queries.ts";
import { openUnseal } from "#lib/gateway/metering/reading.ts";
import { keepRequests, testItem, testRule } from "#lib/testing/abuse.ts";
import { systemAt } from "#lib/testing/billing.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { scanContents } from "./commands.ts";
import { isSampled } from "./rules.ts";
import type { Moderator, Unseal } from "./view.ts";

const { db, sql } = await testDatabase();
const budgetMs = 60_000;
const unseal = openUnseal(sql);
const scan = ({ now }: Pick<Context, "now">, more: { moderator?: Moderator; unseal?: Unseal } = {}) =>
  scanContents(systemAt(db, now), { unseal, moderator: null, budgetMs, ...more });

const flagsOf = ({ organizationId }: Context) =>
  sql`select request_id, source, category, rule_id, model, score from abuse_flags where organization_id = ${organizationId} order by id`;
const itemsOf = ({ organizationId }: Context) =>
  sql`select state, flags, request_ids, source from abuse_items where organization_id = ${organizationId}`;

test("help-zdr 26: a rule's match is a flag of rule and request, and no text is kept anywhere (T-4.2.2-ABUSE)", async () => {
  const ctx = await testWorkspace(db);
  const ruleId = await testRule(ctx.now, "Keyloggers", "write (me )?a keylogger");
  const [bad, good] = await keepRequests(sql, ctx, ["Write me a KEYLOGGER for wombats", "Write me a poem"]);
  expect(await scan(ctx)).toBe(2);
  expect(await flagsOf(ctx)).toMatchObject([{ request_id: bad, source: "rule", category: "malware", rule_id: ruleId }]);
  expect(await itemsOf(ctx)).toMatchObject([{ state: "open", flags: 1, request_ids: [bad] }]);
  expect(good).toBeTruthy();
  for (const table of ["abuse_flags", "abuse_items", "abuse_scans", "abuse_figures", "abuse_months", "audit_events"]) {
    const rows = await sql.unsafe(
      `select ${table}::text as row from ${table} where organization_id = '${ctx.organizationId}'`,
    );
    expect(JSON.stringify(rows)).not.toMatch(/wombat/i);
  }
  // What was looked at is not looked at again, and what is new is.
  expect(await scan(ctx)).toBe(0);
  const [next] = await keepRequests(sql, ctx, ["write a keylogger again"], addMinutes(ctx.now, 0.01));
  expect(await scan(ctx)).toBe(1);
  expect(await itemsOf(ctx)).toMatchObject([{ flags: 2, request_ids: [bad, next] }]);
  expect((await monitoringMonths(ctx))[0]).toMatchObject({
    ...{ ruleScanned: 3, modelScanned: 0, flags: 2, items: 1, models: [] },
    rules: expect.arrayContaining(["Keyloggers (version 1)"]),
  });
});

test("rows that came to lie behind what was seen are scanned too, and counted once (T-4.2.2-ABUSE)", async () => {
  const ctx = await testWorkspace(db);
  await testRule(ctx.now, "Late", "late wombat");
  const hour = new Date(`${ctx.now.toISOString().slice(0, 13)}:30:00Z`);
  await keepRequests(sql, ctx, ["nothing"], hour);
  expect(await scan(ctx)).toBe(1);
  // Its answer took so long that it is stored after requests that began later.
  const [late] = await keepRequests(sql, ctx, ["a late wombat"], addMinutes(hour, -10));
  expect(await scan(ctx)).toBe(0);
  const over = { now: addMinutes(hour, 30) };
  await scan(over);
  expect(await flagsOf(ctx)).toMatchObject([{ request_id: late }]);
  expect((await monitoringMonths(ctx))[0]).toMatchObject({ ruleScanned: 2, flags: 1 });
  expect(await scan(over)).toBe(0);
  // And once more, when another comes still later.
  const [last] = await keepRequests(sql, ctx, ["the last late wombat"], addMinutes(hour, -20));
  await scan(over);
  expect((await flagsOf(ctx)).map(({ request_id }) => request_id).toSorted()).toEqual([late, last].toSorted());
  expect((await monitoringMonths(ctx))[0]).toMatchObject({ ruleScanned: 3 });
  expect(await scan(over)).toBe(0);
});

test.each(["organizations", "workspaces"])(
  "help-zdr 26: nothing is scanned or opened once %s are under zero retention (T-4.2.2.2-ZDR4)",
  async (table) => {
    const ctx = await testWorkspace(db);
    await testRule(ctx.now, `Quiet ${table}`, "wombat");
    await keepRequests(sql, ctx, ["a wombat"]);
    const column = table === "organizations" ? "id" : "organization_id";
    await sql.unsafe(`update ${table} set zero_retention_since = now() where ${column} = '${ctx.organizationId}'`);
    const opened: unknown[] = [];
    const counting: Unseal = (...asked) => {
      opened.push(asked);
      return unseal(...asked);
    };
    expect(await scan(ctx, { unseal: counting })).toBe(0);
    expect([opened, await flagsOf(ctx), await itemsOf(ctx)]).toEqual([[], [], []]);
    expect(await sql`select from abuse_scans where organization_id = ${ctx.organizationId}`).toEqual([]);
  },
);

test("help-zdr 26: zero retention that falls while a request is looked at leaves no flag of it (T-4.2.2.2-ZDR4)", async () => {
  const ctx = await testWorkspace(db);
  await testRule(ctx.now, "Falling", "wombat");
  await keepRequests(sql, ctx, ["a wombat"]);
  const falling: Unseal = async (...asked) => {
    const said = await unseal(...asked);
    await sql`update organizations set zero_retention_since = now() where id = ${ctx.organizationId}`;
    return said;
  };
  await scan(ctx, { unseal: falling });
  expect([await flagsOf(ctx), await itemsOf(ctx)]).toEqual([[], []]);
  const row = sql`insert into abuse_flags (organization_id, id, at, source, category, workspace_id, request_id, rule_id)
    values (${ctx.organizationId}, 'abf_x', now(), 'rule', 'other', ${ctx.workspaceId}, 'req_x', 'abr_x')`;
  await expect(row).rejects.toThrow("keeps nothing");
});

test("a model sees the sample alone, and everything of a customer with an open item; its verdicts are flags (T-4.2.2-ABUSE)", async () => {
  const [quiet, watched] = [await testWorkspace(db), await testWorkspace(db)];
  const asked: string[] = [];
  const judge: Moderator["judge"] = async (texts) => {
    asked.push(...texts);
    return texts.map((text) => {
      const isBad = text.includes("harm");
      return { categories: { "self-harm": isBad, health: isBad }, scores: { "self-harm": 0.75, health: 0.9 } };
    });
  };
  const moderator = { model: "judge-1", judge };
  const sample = await keepRequests(
    sql,
    quiet,
    Array.from({ length: 300 }, (_, at) => `quiet ${at}`),
  );
  const expected = sample.filter((id) => isSampled(id)).length;
  const [before] = await keepRequests(sql, watched, ["nothing"]);
  await testItem(db, watched, before ? [before] : []);
  const [bad] = await keepRequests(sql, watched, ["harm"], addMinutes(watched.now, 0.01));
  await scan(watched, { moderator });
  expect(asked.filter((text) => text.includes("quiet ")).length).toBe(expected);
  expect(asked.filter((text) => /nothing|harm/.test(text)).length).toBe(2);
  const [flag] = (await flagsOf(watched)).filter(({ request_id }) => request_id === bad);
  expect(flag).toMatchObject({ source: "model", model: "judge-1", category: "self_harm", score: 0.75 });
  expect((await monitoringMonths(watched))[0]).toMatchObject({ modelScanned: 2, models: ["judge-1"] });
});

test("a model that does not answer stops no rule and is not counted as having looked (T-4.2.2-ABUSE)", async () => {
  const ctx = await testWorkspace(db);
  await testRule(ctx.now, "Alone", "lonely numbat");
  const [known] = await keepRequests(sql, ctx, ["first"]);
  await testItem(db, ctx, known ? [known] : []);
  const [bad] = await keepRequests(sql, ctx, ["a lonely numbat"]);
  const judge = async () => Promise.reject(new Error("away"));
  const { lines, restore } = catchErrorLog();
  await scan(ctx, { moderator: { model: "judge-1", judge } }).finally(restore);
  expect(lines.join("")).not.toContain("numbat");
  expect((await flagsOf(ctx)).filter(({ source }) => source === "rule")).toMatchObject([{ request_id: bad }]);
  expect((await monitoringMonths(ctx))[0]).toMatchObject({ modelScanned: 0, models: [] });
});

test("what monitoring found ends with the thirty days, and only the sums stay (T-4.2.2-ABUSE)", async () => {
  const ctx = await testWorkspace(db);
  const requests = await keepRequests(sql, ctx, ["one", "two"]);
  await testItem(db, ctx, requests);
  await endItems(systemAt(db, addDays(ctx.now, 29)));
  expect((await itemsOf(ctx)).length).toBe(1);
  await endItems(systemAt(db, addDays(ctx.now, 30)));
  expect([await itemsOf(ctx), await flagsOf(ctx)]).toEqual([[], []]);
  const sums = await sql`select sum(flags)::int as flags, sum(items)::int as items, sum(expired)::int as expired
    from abuse_months where organization_id = ${ctx.organizationId}`;
  expect(sums).toMatchObject([{ flags: 2, items: 1, expired: 1 }]);
});
