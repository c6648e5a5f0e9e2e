import { beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import { addDays } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { terminationOf } from "#lib/domain/agreements/queries.ts";
import { objectToSubprocessor } from "#lib/domain/help/records/commands.ts";
import { applyNotices } from "#lib/domain/notices/legal/applying/commands.ts";
import { runNotices } from "#lib/domain/notices/legal/commands.ts";
import { addSubprocessor, endOverSubprocessor, removeSubprocessor } from "#lib/domain/subprocessors/commands.ts";
import { allSubprocessors, pendingSubprocessors } from "#lib/domain/subprocessors/queries.ts";
import { systemAt } from "#lib/testing/billing.ts";
import { wrongDeadlines } from "#lib/testing/deadlines.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { notices } from "./registry.ts";

const { db, sql } = await testDatabase();
const start = new Date("2026-12-01T10:00:00.000Z");
const earliest = addDays(start, 31);
const given = {
  name: "Nordic Mail AS",
  purpose: "Delivers our letters",
  location: "Norway",
  data: "Addresses and what letters say",
  url: "https://example.com",
  plannedAt: undefined,
};

const house = (now = start): AccountContext => systemAt(db, now);
let ctx: Context;
beforeEach(async () => {
  delete env().SMTP_URL;
  await sql`update agreements set ended_at = starts_at where ended_at is null`;
  ctx = { ...(await testWorkspace(db)), now: start };
  await sql`update organizations set first_use_at = '2026-01-01' where id = ${ctx.organizationId}`;
  // What other tests left is not looked at here.
  await sql`delete from legal_notices`;
  await sql`delete from notice_runs`;
  await sql`delete from terminations`;
  await sql`delete from deadlines`;
});

async function announced() {
  const id = await addSubprocessor(house(), given);
  await runNotices(house(), { about: "subprocessor", aboutId: id }, notices);
  return id;
}
const at = (now: Date): Context => ({ ...ctx, now });
const clock = async () => {
  const rows = await sql`select due_at, met_at, cancelled_at from deadlines
    where organization_id = ${ctx.organizationId} and clock = 'subprocessor.effective'`;
  return rows.map((row) => [new Date(row.due_at), row.met_at ? "met" : row.cancelled_at ? "cancelled" : "open"]);
};

test("contract 15, T-2-INC: one that is added is announced to businesses alone, and is one for each thirty days after its notice", async () => {
  const consumer = { ...(await testWorkspace(db)), now: start };
  await sql`update organizations set first_use_at = '2026-01-01', customer_type = 'consumer' where id = ${consumer.organizationId}`;
  await expect(
    addSubprocessor(house(), { ...given, plannedAt: new Date(earliest.getTime() - 1) }),
  ).rejects.toMatchObject({
    code: "too_early",
    message: expect.stringContaining(earliest.toISOString()),
  });
  const id = await announced();
  const [pending, ...more] = await pendingSubprocessors(ctx);
  expect(more).toEqual([]);
  expect(pending).toMatchObject({ id, name: given.name, noticedAt: start, startsAt: earliest });
  expect(await pendingSubprocessors(consumer)).toEqual([]);
  const letters = await sql`select organization_id, clause, text from letters where kind = 'subprocessors.announced'
    and organization_id in (${ctx.organizationId}, ${consumer.organizationId})`;
  expect(letters.map((one) => one.organization_id)).toEqual([ctx.organizationId]);
  for (const words of [given.name, given.purpose, given.location, given.data])
    expect(letters[0]?.text).toContain(words);
  expect(await clock()).toEqual([[earliest, "open"]]);
  expect(await wrongDeadlines(db)).toEqual([]);
  expect(await pendingSubprocessors(at(earliest))).toEqual([]);
  await applyNotices(house(earliest), notices);
  expect(await clock()).toEqual([[earliest, "met"]]);
  await expect(
    sql`update legal_notices set planned_at = noticed_at, effective_at = noticed_at + interval '719 hours' where about = 'subprocessor'`,
  ).rejects.toThrow("legal_notices_terms_days");
});

test("contract 15, T-2-INC: before there is a customer no one waits, and everyone reads the list", async () => {
  await sql`update agreements set ended_at = starts_at where ended_at is null`;
  const id = await addSubprocessor(house(), { ...given, name: "First Ones Ltd" });
  const listed = async () => (await allSubprocessors(house())).find((one) => one.id === id);
  expect(await listed()).toMatchObject({ announcedAt: null, plannedAt: start, removedAt: null });
  await removeSubprocessor(house(), { id });
  expect((await listed())?.removedAt).toEqual(start);
  await expect(removeSubprocessor(house(), { id })).rejects.toMatchObject({ problem: "not_found" });
  await expect(addSubprocessor(ctx, given)).rejects.toMatchObject({ problem: "forbidden" });
});

test("contract 15, T-7-EXIT: who objects has a ticket, and the same way out as from new terms, until the date", async () => {
  const id = await announced();
  const body = "Our own customers forbid us to send addresses there.";
  const ticket = await objectToSubprocessor(ctx, { id, body });
  const [row] = await sql`select kind, subject from tickets where id = ${ticket}`;
  expect(row).toEqual({ kind: "object_subprocessor", subject: `Objection to ${given.name}` });
  const late = at(new Date(earliest.getTime() + 1));
  for (const refused of [objectToSubprocessor(late, { id, body }), endOverSubprocessor(late, { id })])
    await expect(refused).rejects.toMatchObject({ code: "subprocessor_not_pending" });
  await expect(endOverSubprocessor(ctx, { id, endsAt: new Date(earliest.getTime() + 1) })).rejects.toMatchObject({
    fields: { endsAt: [expect.any(String)] },
  });
  const last = at(new Date(earliest.getTime() - 1));
  await endOverSubprocessor(last, { id });
  expect(await terminationOf(last)).toMatchObject({ kind: "disagreement", clause: "T-7-EXIT", endsAt: earliest });
});

test("contract 15: one that is taken back is pending for no one, and its clock stops", async () => {
  const id = await announced();
  const desk = { ...house(addDays(start, 2)), actor: { ...house().actor, permissions: new Set(systemPermissions) } };
  await removeSubprocessor(desk as AccountContext, { id });
  expect(await pendingSubprocessors(at(addDays(start, 2)))).toEqual([]);
  expect(await clock()).toEqual([[earliest, "cancelled"]]);
  expect(await wrongDeadlines(db)).toEqual([]);
});
