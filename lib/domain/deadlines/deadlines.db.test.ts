import { asc, eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { deadlines } from "#db/schema/contract.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays } from "#lib/core/clock.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { cancelDeadline, meetDeadline, moveDeadline, openDeadline } from "./commands.ts";
import { type ClockName, clocks } from "./rules.ts";

const { db } = await testDatabase();
const opened = new Date("2026-11-02T00:00:00.000Z");
const dueAt = addDays(opened, 10);
const subject = { kind: "key", id: "one" } as const;

let ctx: Context;
beforeEach(async () => {
  ctx = { ...(await testWorkspace(db)), now: opened };
});

const at = (now: Date): Context => ({ ...ctx, now });
const rows = () =>
  db
    .select()
    .from(deadlines)
    .where(eq(deadlines.organizationId, ctx.organizationId))
    .orderBy(asc(deadlines.openedAt), asc(deadlines.id));

test.each(Object.keys(clocks) as ClockName[])("contract 32: %s opens once and is met once", async (clock) => {
  const open = () => openDeadline(ctx, { clock, subject, dueAt });
  await Promise.all([open(), open()]);
  await openDeadline(ctx, { clock, subject, dueAt: addDays(dueAt, 1) });
  const [row, ...more] = await rows();
  expect(more).toEqual([]);
  const { clause, owner } = clocks[clock];
  const nextAt = owner === "customer" ? addDays(dueAt, -7) : addDays(opened, 5);
  expect(row).toMatchObject({ clock, clause, owner, openedAt: opened, dueAt, nextAt, metAt: null });
  await meetDeadline(at(addDays(opened, 1)), clock, subject.id);
  await meetDeadline(at(addDays(opened, 2)), clock, subject.id);
  await cancelDeadline(at(addDays(opened, 2)), clock, subject.id);
  const met = { metAt: addDays(opened, 1), metBy: ctx.actor.id, nextAt: null, cancelledAt: null };
  expect(await rows()).toMatchObject([met]);
});

test("contract 32: a moved clock is reminded of anew, a cancelled one never, and it can be opened again", async () => {
  await openDeadline(ctx, { clock: "dispute.answer", subject, dueAt });
  const later = addDays(dueAt, 10);
  await moveDeadline(at(addDays(opened, 9)), "dispute.answer", subject.id, later);
  expect(await rows()).toMatchObject([{ dueAt: later, nextAt: addDays(opened, 10), step: 0 }]);
  await cancelDeadline(at(addDays(opened, 11)), "dispute.answer", subject.id);
  await moveDeadline(at(addDays(opened, 11)), "dispute.answer", subject.id, dueAt);
  await openDeadline(at(addDays(opened, 12)), { clock: "dispute.answer", subject, dueAt: later });
  expect(await rows()).toMatchObject([
    { dueAt: later, nextAt: null, cancelledAt: addDays(opened, 11), metAt: null },
    { openedAt: addDays(opened, 12), dueAt: later, cancelledAt: null },
  ]);
});

test("contract 32: a clock is opened, met and moved with the rest of its command, or not at all", async () => {
  const fails = async (work: (ctx: Context) => Promise<void>) =>
    expect(
      transaction(ctx, async (inner) => {
        await work(inner);
        throw new Error("later");
      }),
    ).rejects.toThrow("later");
  await fails((inner) => openDeadline(inner, { clock: "key.expiry", subject, dueAt }));
  expect(await rows()).toEqual([]);
  await openDeadline(ctx, { clock: "key.expiry", subject, dueAt });
  await fails((inner) => meetDeadline(inner, "key.expiry", subject.id));
  await fails((inner) => moveDeadline(inner, "key.expiry", subject.id, opened));
  expect(await rows()).toMatchObject([{ dueAt, metAt: null }]);
});

test("contract 32: another customer's clock of the same subject stays as it is, for a job that sees all too", async () => {
  const foreign = { ...(await testWorkspace(db)), db, now: opened };
  await openDeadline(ctx, { clock: "key.expiry", subject, dueAt });
  await openDeadline(foreign, { clock: "key.expiry", subject, dueAt });
  await meetDeadline(foreign, "key.expiry", subject.id);
  await moveDeadline(foreign, "key.expiry", subject.id, opened);
  await cancelDeadline(foreign, "key.expiry", subject.id);
  expect(await rows()).toMatchObject([{ dueAt, metAt: null, cancelledAt: null }]);
});
