import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { type Id, newId, uuidOf } from "#db/id.ts";
import { addMinutes, now as clock, monthOf } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { closeMonth } from "#lib/domain/billing/closing/commands.ts";
import { grantCredit } from "#lib/domain/billing/credits/commands.ts";
import { issueAdvances } from "#lib/domain/billing/cycles/commands.ts";
import { monthAfter } from "#lib/domain/billing/cycles/rules.ts";
import { decideDispute, openDispute } from "#lib/domain/billing/disputes/commands.ts";
import { render } from "#lib/domain/billing/documents/commands.ts";
import { collect } from "#lib/domain/payments/attempts/commands.ts";
import { asSystem, makePayable, openInvoices, systemAt, use } from "#lib/testing/billing.ts";
import { ask, customer, db, front, sql } from "./testing.ts";

env().DATA_DIR = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-documents-"));

const now = clock();
const month = monthOf(now);
const before = monthOf(new Date(new Date(month).getTime() - 1));
const then = new Date(new Date(month).getTime() - 5 * 86_400_000);
const closing = addMinutes(new Date(month), 5);
const at = (ctx: Context, when: Date): Context => ({ ...ctx, now: when }) as Context;

async function collectAll(ctx: Context, when: Date): Promise<void> {
  for (const { id } of await openInvoices(sql, ctx)) await collect(asSystem(ctx, db, when), id);
}

/** A customer whose last month is over: an advance that was charged, an invoice, and a credit note after a dispute. */
async function billed() {
  const made = await customer();
  const ctx = at(made.ctx, then);
  await makePayable(db, ctx);
  await use(sql, ctx, 60, then);
  await issueAdvances(systemAt(db, then));
  await collectAll(ctx, then);
  await closeMonth(asSystem(ctx, db, closing), before);
  await collectAll(ctx, addMinutes(closing, 1));
  const [summary] = await sql<{ id: Id<"invoice"> }[]>`select id from invoices
    where organization_id = ${ctx.organizationId} and kind = 'summary'`;
  if (!summary) throw new Error("No summary was issued.");
  const disputeId = await openDispute(at(ctx, addMinutes(closing, 2)), {
    invoiceId: summary.id,
    wants: "credit",
    reason: "Ten euros of it were not ours.",
    lines: [{ line: 1, amount: 1000n }],
  });
  const decision = { organizationId: ctx.organizationId, disputeId, outcome: "accepted" as const, amount: undefined };
  await decideDispute(systemAt(db, addMinutes(closing, 3)), { ...decision, answer: "They were a test of ours." });
  return { ...made, summaryId: summary.id };
}

test("invoices are listed newest first, page by page, by kind, state and month", async () => {
  const { key } = await billed();
  const { status, body } = await ask("/v1/admin/invoices", { key });
  expect(status).toBe(200);
  expect(body.items.map(({ kind }: { kind: string }) => kind)).toEqual(["credit_note", "summary", "advance"]);
  expect(body).toMatchObject({ object: "list", has_more: false, next: null });
  const [note, summary, advance] = body.items;
  expect(advance).toMatchObject({
    number: expect.stringMatching(/^TEST-INV-/),
    state: "paid",
    net_eur: "50.00",
    tax_eur: "10.00",
    total_eur: "60.00",
    threshold_eur: "50.00",
    open_eur: "0.00",
    is_test: true,
    month: before.slice(0, 7),
  });
  expect(summary).toMatchObject({ total_eur: "72.00", prepaid_eur: "60.00", due_eur: "12.00", paid_eur: "12.00" });
  expect(note).toMatchObject({ total_eur: "12.00", due_eur: "0.00", is_overdue: false });
  const found: string[] = [];
  for (let next: string | null = ""; next !== null; ) {
    const page = await ask(`/v1/admin/invoices?limit=1${next && `&after=${next}`}`, { key });
    found.push(...page.body.items.map(({ id }: { id: string }) => id));
    next = page.body.next;
  }
  expect(found).toEqual(body.items.map(({ id }: { id: string }) => id));
  const counts = async (query: string) => (await ask(`/v1/admin/invoices?${query}`, { key })).body.items.length;
  expect(await counts("kind=advance")).toBe(1);
  expect(await counts("state=open")).toBe(0);
  expect(await counts(`month=${before.slice(0, 7)}`)).toBe(3);
  expect(await counts("month=2020-01")).toBe(0);
  for (const wrong of ["kind=bill", "state=late", "month=2026-13", "limit=0", "limit=101", "after=none"])
    expect([wrong, (await ask(`/v1/admin/invoices?${wrong}`, { key })).status]).toEqual([wrong, 422]);
});

test("an invoice is read by either form of its id, with lines, taxes, advances and payments that add up", async () => {
  const { key, summaryId } = await billed();
  const { body } = await ask(`/v1/admin/invoices/${summaryId}`, { key });
  expect((await ask(`/v1/admin/invoices/${uuidOf(summaryId)}`, { key })).body).toEqual(body);
  expect(body).toMatchObject({
    lines: [{ line: 1, quantity: "6.000000", unit_price_eur: "10", amount_eur: "60.00", vat_rate: "20.00" }],
    taxes: [{ rate: "20.00", base_eur: "60.00", tax_eur: "12.00" }],
    advances: [{ kind: "advance", total_eur: "60.00" }],
    credit_notes: [{ kind: "credit_note", total_eur: "12.00" }],
    payments: [{ state: "succeeded", amount_eur: "12.00", kind: "off_session" }],
    buyer: { name: "Atelier Lumière SAS" },
  });
  const [advance] = body.advances;
  const { body: paidAhead } = await ask(`/v1/admin/invoices/${advance.id}`, { key });
  expect(paidAhead.summary).toMatchObject({ id: summaryId, number: body.number });
  const [note] = body.credit_notes;
  expect((await ask(`/v1/admin/invoices/${note.uuid}`, { key })).body.corrects.id).toBe(summaryId);
});

test("the file of an invoice is not there before it is rendered, and then is the very bytes that were kept", async () => {
  const { ctx, key, summaryId } = await billed();
  const address = `http://127.0.0.1:${front.port}/v1/admin/invoices/${summaryId}/pdf`;
  const get = (method = "GET") => fetch(address, { method, headers: { "x-api-key": key } });
  const early = await ask(`/v1/admin/invoices/${summaryId}/pdf`, { key });
  expect([early.status, early.body.code]).toEqual([404, "not_found"]);
  await render(asSystem(ctx, db, now), summaryId);
  const answer = await get();
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("application/pdf");
  expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="TEST-INV-\d+-\d+\.pdf"$/);
  expect(answer.headers.get("x-request-id")).toBeTruthy();
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.length).toBe(Number(answer.headers.get("content-length")));
  const sha256 = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
  const [kept] = await sql`select pdf_sha256 as sha from invoices where id = ${summaryId}`;
  expect(sha256).toBe(kept?.sha);
  const head = await get("HEAD");
  expect([head.status, (await head.arrayBuffer()).byteLength]).toEqual([200, 0]);
  const { body } = await ask(`/v1/admin/invoices/${summaryId}`, { key });
  expect(body.has_pdf).toBe(true);
});

test("how billing stands: fees, thresholds, advances, credit, what is owed, and when it is blocked", async () => {
  const { ctx, key } = await customer();
  const nothing = await ask("/v1/admin/billing", { key });
  expect(nothing.body).toMatchObject({
    plan: "paid",
    month: month.slice(0, 7),
    fees_eur: "0",
    advances: [],
    credit_eur: "0.00",
    owed_eur: "0.00",
    standing: { state: "good", since: null, reason: null },
    next_invoice_on: monthAfter(month),
  });
  await makePayable(db, at(ctx, now), {});
  await use(sql, ctx, 60.5, now);
  await issueAdvances(systemAt(db, now));
  await grantCredit(systemAt(db, now), {
    organizationId: ctx.organizationId,
    amount: 2500n,
    kind: "promo",
    reason: "Welcome",
    expiresOn: undefined,
  });
  const { body } = await ask("/v1/admin/billing", { key });
  expect(body).toMatchObject({
    fees_eur: "60.5",
    thresholds: { amounts_eur: ["50.00", "200.00", "500.00", "1000.00"], step_eur: "1000.00", next_eur: "200.00" },
    advances: [{ kind: "advance", state: "open", threshold_eur: "50.00", total_eur: "60.00" }],
    credit_eur: "25.00",
    owed_eur: "60.00",
  });
  await sql`update billing_accounts set past_due_since = ${then}, blocked_at = ${then}, blocked_reason = 'unpaid'
    where organization_id = ${ctx.organizationId}`;
  expect((await ask("/v1/admin/billing", { key })).body.standing).toEqual({
    state: "blocked",
    since: then.toISOString(),
    reason: "unpaid",
  });
});

test("a failed payment is told with the limits", async () => {
  const { ctx, key } = await customer();
  const told = async () => (await ask("/v1/admin/spend-limit", { key })).body.limits.last_payment_failure;
  expect(await told()).toBe(false);
  await makePayable(db, at(ctx, now), { card: "4000000000000341" });
  await use(sql, ctx, 60, now);
  await issueAdvances(systemAt(db, now));
  await collectAll(ctx, now);
  expect(await told()).toBe(true);
});

test("bills of another organization, and ids of nothing, are not there; a maker who is no admin any more sees none", async () => {
  const [theirs, mine] = [await billed(), await customer("read")];
  const paths = [`invoices/${theirs.summaryId}`, `invoices/${uuidOf(theirs.summaryId)}`];
  const none = [`invoices/${newId("invoice", now)}`, "invoices/none", `invoices/${newId("user", now)}`];
  for (const of of [...paths, ...none])
    for (const address of [of, `${of}/pdf`])
      expect([address, (await ask(`/v1/admin/${address}`, { key: mine.key })).status]).toEqual([address, 404]);
  const list = await ask("/v1/admin/invoices", { key: mine.key });
  expect([list.status, list.body.items]).toEqual([200, []]);
  await ask(`/v1/admin/invoices?after=${theirs.summaryId}`, { key: mine.key }).then(({ body }) =>
    expect(body.items).toEqual([]),
  );
  await sql`update members set roles = '{member,billing_manager}' where organization_id = ${mine.ctx.organizationId}`;
  for (const address of ["billing", "invoices", ...paths, `${paths[0]}/pdf`])
    expect([address, (await ask(`/v1/admin/${address}`, { key: mine.key })).status]).toEqual([address, 403]);
  for (const address of ["billing", "invoices", ...paths, `${paths[0]}/pdf`])
    expect([address, (await ask(`/v1/admin/${address}`)).status]).toEqual([address, 401]);
});
