import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { issueAdvances } from "#lib/domain/billing/cycles/commands.ts";
import { refreshStandings } from "#lib/domain/billing/dunning/commands.ts";
import { billingNews } from "#lib/domain/billing/news/queries.ts";
import { collect } from "#lib/domain/payments/attempts/commands.ts";
import { asSystem, systemAt, testCustomer, use } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { creditLeft, overview } from "./queries.ts";

const { db, sql } = await testDatabase();
const november = new Date("2026-11-10T12:00:00Z");

const at = (ctx: Context, now: Date): Context => ({ ...ctx, now }) as Context;

test("T-5.2-ADV1: the overview has the month's use, the advances taken for it, and what is left to pay", async () => {
  const ctx = await testCustomer(db, { at: november, card: "4000000000000341" });
  await use(sql, ctx, 210, november);
  await issueAdvances(systemAt(db, november));
  const view = await overview(ctx);
  expect(view.usedPico).toBe(210_000_000_000_000n);
  expect(view.thresholds).toMatchObject({ ref: "thresholds-1", amounts: [5000n, 20000n, 50000n, 100000n] });
  expect(view.advances.map(({ thresholdCents }) => thresholdCents)).toEqual([5000n, 20000n]);
  expect(view.owed.map(({ id }) => id).toSorted()).toEqual(view.advances.map(({ id }) => id).toSorted());
  expect(view.creditCents).toBe(0n);
});

test("T-5.1: on the free plan there is no account, nothing is owed and nothing is counted", async () => {
  const ctx = await testWorkspace(db, { plan: "free" });
  expect(await overview(ctx)).toMatchObject({ account: null, usedPico: 0n, advances: [], owed: [], creditCents: 0n });
  expect(await billingNews(ctx)).toBeNull();
});

test("a person without billing's roles sees no overview, and another organization's is not in theirs", async () => {
  const ctx = await testCustomer(db, { at: november, card: "4000000000000341" });
  await use(sql, ctx, 60, november);
  await issueAdvances(systemAt(db, november));
  const worker = await testWorkspace(db, { within: ctx, roles: ["workspace_admin"] });
  await expect(overview(worker)).rejects.toMatchObject({ problem: "forbidden" });
  await expect(creditLeft(worker)).rejects.toMatchObject({ problem: "forbidden" });
  const other = await testCustomer(db, { at: november });
  expect(await overview(other)).toMatchObject({ usedPico: 0n, advances: [], owed: [] });
});

test("what is not paid for a week is news on every page for everyone there, with the names of who can pay", async () => {
  const ctx = await testCustomer(db, { at: november, card: "4000000000000341" });
  await use(sql, ctx, 60, november);
  await issueAdvances(systemAt(db, november));
  const [invoice] = (await overview(ctx)).owed;
  if (!invoice) throw new Error("Nothing is owed.");
  await collect(asSystem(ctx, db, november), invoice.id);
  const worker = await testWorkspace(db, { within: ctx, roles: ["user"] });
  expect(await billingNews(worker)).toBeNull();
  await refreshStandings(systemAt(db, addDays(november, 8)));
  const news = await billingNews(at(worker, addDays(november, 8)));
  expect(news).toMatchObject({ blockedAt: null, payers: ["Test Person"] });
  await refreshStandings(systemAt(db, addDays(november, 15)));
  expect(await billingNews(at(worker, addDays(november, 15)))).toMatchObject({
    reason: "unpaid",
    blockedAt: expect.any(Date),
  });
});
