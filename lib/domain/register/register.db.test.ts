import { beforeEach, describe, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { clauseIds } from "#lib/core/clauses/register.ts";
import { addDays } from "#lib/core/clock.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { openDeadline } from "#lib/domain/deadlines/commands.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { clausesOf } from "./queries.ts";

const { db, sql } = await testDatabase();
let ctx: Context;

beforeEach(async () => {
  const { actor, ...rest } = await testWorkspace(db);
  ctx = { ...rest, actor: { ...actor, permissions: new Set([...actor.permissions, "account.open" as const]) } };
});

const row = async (id: string, place = ctx) => {
  const found = (await clausesOf(place)).find((one) => one.id === id);
  if (!found) throw new Error(`There is no ${id}.`);
  return found;
};
const key = (place = ctx) =>
  createKey(place, { name: "Checkout", scopes: ["models:read"], models: null, addresses: null, expiresInDays: null });

describe("contract 3: the clauses of one customer", () => {
  test("contract 3: all 71 are answered, in order, in words, on each plan, and nothing is claimed of a customer without a past", async () => {
    for (const plan of ["free", "paid"] as const) {
      const fresh = await testWorkspace(db, { plan });
      const rows = await clausesOf(fresh);
      expect(rows.map(({ id }) => id)).toEqual(clauseIds);
      for (const { words } of rows) expect(words).toMatch(/^\S.*[.”]$/s);
      const states = Object.fromEntries(rows.map(({ id, state }) => [id, state]));
      expect(states).toMatchObject({ "T-4.2.1-KEY4": "open", "T-6-EFF": "not_applicable", "T-3-PO": "not_applicable" });
      expect(rows.filter(({ state }) => state === "broken")).toEqual([]);
      expect(rows.filter(({ last }) => last !== null)).toEqual([]);
    }
  });

  test("contract 3: what is done shows at once in its clause, and in no other customer's", async () => {
    const other = await testWorkspace(db);
    const before = JSON.stringify(await clausesOf(other));
    await sql`update organizations set first_use_at = '2026-01-01' where id = ${ctx.organizationId}`;
    await key();
    await testAgent(db, ctx);
    expect(await row("T-1-EFF")).toMatchObject({ state: "kept", at: new Date("2026-01-01") });
    expect(await row("T-PRE-2")).toMatchObject({ state: "running", words: "Agreement no. 1 runs, and no end is set." });
    expect(await row("T-4.2.1-KEY1")).toMatchObject({ state: "kept", last: { words: "API key created" } });
    expect((await row("T-4.2.1-KEY2")).words).toContain("1 key is live: 1 without an end, 1 for every model");
    expect((await row("T-4.3-CREATE")).state).toBe("running");
    expect(JSON.stringify(await clausesOf(other))).toBe(before);
  });

  test("contract 3: a date that is open is the clause's next one; missed, the promise is broken, and an effect is not", async () => {
    await transaction(ctx, async (ctx) => {
      const subject = { kind: "legal_notice" as const, id: "one" };
      await openDeadline(ctx, { clock: "notice.undelivered", subject, dueAt: addDays(ctx.now, 2) });
      await openDeadline(ctx, { clock: "key.expiry", subject, dueAt: addDays(ctx.now, 1) });
    });
    expect(await row("T-4.2.1-DISC3")).toMatchObject({
      state: "open",
      next: { at: addDays(ctx.now, 2), words: "Give a notice that did not arrive" },
    });
    const late = { ...ctx, now: addDays(ctx.now, 3) };
    expect((await row("T-4.2.1-DISC3", late)).state).toBe("broken");
    expect((await row("T-4.2.1-KEY2", late)).state).toBe("open");
  });

  test("contract 3: the last act of a clause is shown with its person, and is the log's", async () => {
    const act = (action: "contract.apply" | "contract.finalize") =>
      writeAudit(ctx, { action, object: { type: "agreement", id: "1" }, clause: "T-7-NS" });
    await act("contract.finalize");
    expect((await row("T-7-NS")).last).toMatchObject({ by: ctx.actor.name, words: "last bill settled" });
    await act("contract.apply");
    expect((await row("T-7-NS")).last).toMatchObject({ words: "ended" });
  });

  test("contract 3: keys that live after the end are a broken promise, and content that stays too long is another", async () => {
    await sql`update organizations set first_use_at = '2026-01-01' where id = ${ctx.organizationId}`;
    await key();
    await sql`update agreements set ended_at = ${ctx.now}, ends_at = ${ctx.now} where organization_id = ${ctx.organizationId}`;
    expect(await row("T-4.2.1-KEY3")).toMatchObject({ state: "broken", words: "1 key is live after the end." });
    await sql`insert into deletions (organization_id, id, kind, target_id, state, requested_by, received_at, due_at)
      values (${ctx.organizationId}, ${newId("deletion", ctx.now)}, 'agent', 'agt_1', 'open', ${ctx.actor.id}, ${addDays(ctx.now, -11)}, ${addDays(ctx.now, -1)})`;
    expect((await row("T-4.3-DEL3")).state).toBe("broken");
  });
});
