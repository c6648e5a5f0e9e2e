import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { type AccountContext, type Context, transaction } from "#lib/core/context.ts";
import { gagItem } from "#lib/domain/abuse/desk/commands.ts";
import { deskItem } from "#lib/domain/abuse/desk/queries.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { openerOf } from "#lib/gateway/metering/reading.ts";
import { abuseDesk, keepRequests, testItem } from "#lib/testing/abuse.ts";
import { staffAt, systemAt } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { discloseOpenings, openItem } from "./commands.ts";
import type { Opener } from "./view.ts";

const { db, sql } = await testDatabase();
const opener = openerOf(sql);
const reason = { reason: "fraud" as const, clause: "T-4.1-USE" as const };
const texts = [1, 2, 3, 4, 5, 6].map((number) => `secret number ${number}`);

async function flagged(ctx: Context, words = texts) {
  const requests = await keepRequests(sql, ctx, words);
  return { organizationId: ctx.organizationId, id: await testItem(db, ctx, requests), requests };
}

/** What the customer's audit log has of openings, as another connection sees it: what is committed. */
const openings = async ({ organizationId }: Context) =>
  sql`select actor_name, after, clause from audit_events where organization_id = ${organizationId} and action = 'abuse.open-item'`;

const later = (ctx: AccountContext, minutes: number): AccountContext =>
  Object.assign({}, ctx, { now: addMinutes(ctx.now, minutes) });

test("help-zdr 26: an item opens the five requests it names and not the sixth, for two hours (T-4.2.2-ABUSE)", async () => {
  const ctx = await testWorkspace(db);
  const { requests, ...named } = await flagged(ctx);
  const desk = await abuseDesk(ctx);
  const read = await openItem(desk, { ...named, ...reason }, opener);
  expect(read.requests.map(({ id }) => id).toSorted()).toEqual(requests.slice(0, 5).toSorted());
  expect(JSON.stringify(read)).toContain("secret number 5");
  expect(JSON.stringify(read)).not.toContain("secret number 6");
  expect(read.until).toEqual(addMinutes(ctx.now, 120));
  expect(await openings(ctx)).toMatchObject([
    { actor_name: desk.actor.name, clause: "T-4.1-USE", after: { reason: "fraud", requests: requests.slice(0, 5) } },
  ]);
  // Read again under the same row; a later reading is another.
  await openItem(later(desk, 20), { ...named, ...reason }, opener);
  expect((await openings(ctx)).length).toBe(1);
  const again = later(desk, 121);
  await openLook(again, { organizationId: ctx.organizationId, reason: "abuse", words: "They asked us to look again." });
  await openItem(again, { ...named, ...reason }, opener);
  expect((await openings(ctx)).length).toBe(2);
  await expect(
    sql`update abuse_items set request_ids = ${requests} where organization_id = ${ctx.organizationId}`,
  ).rejects.toThrow("abuse_items_five");
});

test("help-zdr 26: the customer's audit row is committed before anything is read, also when the reader then dies (T-4.2.2-ABUSE)", async () => {
  const ctx = await testWorkspace(db);
  const { requests, ...named } = await flagged(ctx, texts.slice(0, 1));
  const seen: number[] = [];
  const dying: Opener = async () => {
    seen.push((await openings(ctx)).length);
    throw new Error("The reader died.");
  };
  await expect(openItem(await abuseDesk(ctx), { ...named, ...reason }, dying)).rejects.toThrow("The reader died.");
  expect(seen).toEqual([1]);
  expect(await openings(ctx)).toMatchObject([{ after: { requests } }]);
  // Nothing that could still be undone opens content.
  const desk = await abuseDesk(ctx);
  const inside = transaction(desk, (ctx) => openItem(ctx, { ...named, ...reason }, opener));
  await expect(inside).rejects.toThrow("committed");
  expect((await openings(ctx)).length).toBe(1);
});

test.each([
  [
    "organization",
    (ctx: Context) => sql`update organizations set zero_retention_since = now() where id = ${ctx.organizationId}`,
  ],
  [
    "workspace",
    (ctx: Context) => sql`update workspaces set zero_retention_since = now() where id = ${ctx.workspaceId}`,
  ],
])("help-zdr 26: nothing of an %s under zero retention is opened (T-4.2.2.2-ZDR4)", async (_scope, flag) => {
  const ctx = await testWorkspace(db);
  const { requests, ...named } = await flagged(ctx);
  await flag(ctx);
  const calls: unknown[] = [];
  const counting: Opener = (asked) => {
    calls.push(asked);
    return opener(asked);
  };
  const opened = openItem(await abuseDesk(ctx), { ...named, ...reason }, counting);
  await expect(opened).rejects.toMatchObject({ code: "zdr_incompatible" });
  expect([calls, await openings(ctx)]).toEqual([[], []]);
  // Nor by the reader alone, whoever asks it.
  expect(await opener({ organizationId: ctx.organizationId, requestIds: requests })).toEqual([]);
});

test("an item is opened by who may, with a look, in its own organization, and while it is there (T-4.2.2-ABUSE)", async () => {
  const [ctx, other] = [await testWorkspace(db), await testWorkspace(db)];
  const { requests, ...named } = await flagged(ctx);
  await expect(openItem(staffAt("trust", ctx.now), { ...named, ...reason }, opener)).rejects.toMatchObject({
    code: "look_required",
  });
  for (const role of ["support", "billing", "models", "legal"] as const)
    await expect(openItem(staffAt(role, ctx.now), { ...named, ...reason }, opener)).rejects.toMatchObject({
      problem: "forbidden",
    });
  const elsewhere = { ...named, ...reason, organizationId: other.organizationId };
  await expect(openItem(await abuseDesk(other), elsewhere, opener)).rejects.toMatchObject({ problem: "not_found" });
  expect(await opener({ organizationId: other.organizationId, requestIds: requests })).toEqual([]);
  const old = later(await abuseDesk(ctx), 30 * 24 * 60);
  await openLook(old, { organizationId: ctx.organizationId, reason: "abuse", words: "Looking at it much later." });
  await expect(openItem(old, { ...named, ...reason }, opener)).rejects.toMatchObject({ problem: "not_found" });
  expect(await openings(ctx)).toEqual([]);
});

test("an order puts off what the customer is told of an opening, to its day and no further (T-4.2.2-ABUSE)", async () => {
  const ctx = await testWorkspace(db);
  const { requests: _requests, ...named } = await flagged(ctx);
  const until = addDays(ctx.now, 40);
  const order = "District court, 12 Gs 345/26";
  const legal = staffAt("legal", ctx.now);
  await openLook(legal, { organizationId: ctx.organizationId, reason: "legal", words: "A court has ordered this." });
  const far = gagItem(legal, { ...named, until: addDays(ctx.now, 91), order });
  await expect(far).rejects.toMatchObject({ problem: "invalid" });
  await expect(gagItem(await abuseDesk(ctx), { ...named, until, order })).rejects.toMatchObject({
    problem: "forbidden",
  });
  await gagItem(legal, { ...named, until, order });
  const desk = await abuseDesk(ctx);
  await openItem(desk, { ...named, ...reason }, opener);
  expect(await openings(ctx)).toEqual([]);
  const own =
    await sql`select after from audit_events where organization_id = 'org_00000000000000000000000000' and object_id = ${named.id} and action = 'abuse.open-item'`;
  expect(own.length).toBe(1);
  await discloseOpenings(systemAt(db, addDays(until, -1)));
  expect(await openings(ctx)).toEqual([]);
  await discloseOpenings(systemAt(db, until));
  await discloseOpenings(systemAt(db, addDays(until, 1)));
  expect(await openings(ctx)).toMatchObject([{ after: { by: desk.actor.name } }]);
  expect((await deskItem(desk, named.id)).openings.length).toBe(1);
});
