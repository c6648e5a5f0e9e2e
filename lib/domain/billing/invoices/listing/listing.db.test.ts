import fc from "fast-check";
import { expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { paymentStates } from "#db/schema/payments.ts";
import { testDatabase } from "#db/testing.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { closeMonths } from "#lib/domain/billing/closing/commands.ts";
import { issueAdvances } from "#lib/domain/billing/cycles/commands.ts";
import { invoiceFilter } from "#lib/domain/billing/invoices/input.ts";
import { systemAt, testCustomer, use } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { invoiceMonths, invoicePage, invoiceRows } from "./queries.ts";
import { invoiceStates, stateOf } from "./rules.ts";

const { db, sql } = await testDatabase();
const november = new Date("2026-11-10T12:00:00Z");
const december = new Date("2026-12-01T00:05:00Z");

/** Advances, their credit notes and a summary: every kind but the final one. */
async function billed(): Promise<Context> {
  const ctx = await testCustomer(db, { at: november });
  await use(sql, ctx, 510, november);
  await issueAdvances(systemAt(db, november));
  await closeMonths(systemAt(db, december));
  return { ...ctx, now: december } as Context;
}

const page = (ctx: Context, asked: Record<string, string> = {}) => invoicePage(ctx, invoiceFilter.parse(asked));

async function all(ctx: Context, asked: Record<string, string> = {}) {
  const found = [];
  for await (const rows of invoiceRows(ctx, invoiceFilter.parse(asked))) found.push(...rows);
  return found;
}

test("documents are listed newest first, filtered by kind, month and number, and a file has the same", async () => {
  const ctx = await billed();
  const { rows, total } = await page(ctx);
  expect(total).toBe(7);
  expect(rows.map(({ kind }) => kind).toSorted()).toEqual([
    ...Array(3).fill("advance"),
    ...Array(3).fill("credit_note"),
    "summary",
  ]);
  expect(rows.every(({ issuedAt }, index) => index === 0 || issuedAt <= (rows[index - 1]?.issuedAt ?? issuedAt))).toBe(
    true,
  );
  expect((await page(ctx, { kind: "credit_note" })).rows).toHaveLength(3);
  expect((await page(ctx, { month: "2026-11" })).rows).toHaveLength(7);
  expect((await page(ctx, { month: "2026-10" })).rows).toEqual([]);
  expect((await page(ctx, { q: rows[0]?.number.toLowerCase() ?? "" })).rows.map(({ id }) => id)).toEqual([rows[0]?.id]);
  expect((await page(ctx, { q: "%" })).rows).toEqual([]);
  expect(await invoiceMonths(ctx)).toEqual(["2026-11"]);
  expect((await all(ctx)).map(({ id }) => id)).toEqual(
    rows
      .map(({ id }) => id)
      .toSorted()
      .toReversed(),
  );
  expect((await all(ctx, { kind: "summary" })).map(({ kind }) => kind)).toEqual(["summary"]);
});

test("what an address says that makes no sense is as if it were not there", () => {
  expect(invoiceFilter.parse({ kind: "bill", state: "late", month: "2026-13", sort: "number", q: "" })).toEqual({});
});

test("whatever is paid, credited and disputed of a document, the filter of a state finds it where its word says that state", async () => {
  const ctx = await billed();
  const { rows } = await page(ctx);
  const [due] = rows.filter(({ kind }) => kind === "summary");
  if (!due) throw new Error("There is no summary.");
  const part = fc.bigInt(0n, due.totalCents / 3n);
  const tallies = fc.record({
    state: fc.constantFrom("open", "paid", "void", "uncollectible"),
    paid: part,
    credited: part,
    used: part,
    disputed: fc.oneof(part, fc.constant(due.totalCents)),
    collection: fc.constantFrom("auto", "send_invoice"),
    payment: fc.option(fc.constantFrom(...paymentStates)),
    how: fc.constantFrom("off_session", "hosted"),
    minutes: fc.constantFrom(-60 * 24 * 30, 0, 30, 90, 60 * 24 * 90),
  });
  await fc.assert(
    fc.asyncProperty(tallies, async ({ state, paid, credited, used, disputed, collection, payment, how, minutes }) => {
      const now = addMinutes(due.dueAt ?? december, minutes);
      await sql`alter table invoices disable trigger user`;
      await sql`update invoices set collection = ${collection} where id = ${due.id}`;
      await sql`alter table invoices enable trigger user`;
      await sql`delete from payments where invoice_id = ${due.id}`;
      for (const [attempt, its] of (payment ? ["failed", payment] : []).entries())
        await sql`insert into payments (organization_id, id, invoice_id, attempt, amount_cents, provider, livemode, kind, state, created_at)
          values (${ctx.organizationId}, ${newId("payment", december)}, ${due.id}, ${attempt + 1}, 100, 'sandbox', false, ${how}, ${its}, ${december})`;
      await sql`update invoices set state = ${state}, paid_cents = ${String(paid)}, credited_cents = ${String(credited)},
        credit_used_cents = ${String(used)}, disputed_cents = ${String(disputed)} where id = ${due.id}`;
      const then = { ...ctx, now } as Context;
      const words = new Map((await page(then)).rows.map((row) => [row.id, stateOf(row, now)]));
      for (const word of invoiceStates) {
        const found = (await page(then, { state: word })).rows.map(({ id }) => id).toSorted();
        const wanted = [...words].flatMap(([id, its]) => (its === word ? id : [])).toSorted();
        expect(found).toEqual(wanted);
      }
    }),
    { numRuns: 25 },
  );
});

test("more than a page is paged without a row twice or missed, by date and by amount", async () => {
  const ctx = await testCustomer(db, { at: november });
  for (let month = 0; month < 3; month++) {
    const then = new Date(Date.UTC(2026, month, 10));
    await use(sql, { ...ctx, now: then } as Context, 18_000, then);
    await issueAdvances(systemAt(db, then));
  }
  const everything = (await all(ctx)).map(({ id }) => id);
  expect(everything.length).toBeGreaterThan(50);
  for (const sort of ["date", "-date", "total", "-total"]) {
    const seen: Id<"invoice">[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const found: Awaited<ReturnType<typeof page>> = await page(ctx, { sort, ...(after && { after }) });
      seen.push(...found.rows.map(({ id }) => id));
      after = found.after;
    }
    expect(seen.toSorted()).toEqual(everything.toSorted());
  }
});

test("billing 43: who has none of billing's roles, and who is of another organization, sees no document", async () => {
  const ctx = await billed();
  const worker = await testWorkspace(db, { within: ctx, roles: ["workspace_admin"] });
  await expect(page(worker)).rejects.toMatchObject({ problem: "forbidden" });
  expect(() => invoiceRows(worker, invoiceFilter.parse({}))).toThrow();
  const other = await testWorkspace(db, { plan: "free" });
  expect((await page(other)).rows).toEqual([]);
  expect(await all(other)).toEqual([]);
});
