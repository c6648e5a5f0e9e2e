import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import { anonymousPermissions } from "#lib/core/access/roles.ts";
import { type AccountContext, acrossTenants } from "#lib/core/context.ts";
import { attemptLimits } from "#lib/domain/account/attempts/rules.ts";
import { closeMonths } from "#lib/domain/billing/closing/commands.ts";
import { invoicesOf } from "#lib/domain/billing/invoices/queries.ts";
import { systemAt, testCustomer, use } from "#lib/testing/billing.ts";
import { verifyDocument } from "./commands.ts";
import { verifyInput } from "./input.ts";

const { db, sql } = await testDatabase();
const november = new Date("2026-11-10T12:00:00Z");
const december = new Date("2026-12-01T00:05:00Z");

/** Anyone at all, from some address, as the database shows it to them. */
const stranger = (address: string): AccountContext =>
  acrossTenants({
    db: tenantDb({}, sql),
    now: december,
    actor: { kind: "anonymous", id: "anonymous", name: "Visitor", permissions: new Set(anonymousPermissions) },
    origin: { address, agent: "vitest" },
  });

async function issued() {
  const ctx = await testCustomer(db, { at: november });
  await use(sql, ctx, 20, november);
  await closeMonths(systemAt(db, december));
  const [invoice] = await invoicesOf(ctx);
  if (!invoice) throw new Error("Nothing was issued.");
  const sha256 = createHash("sha256").update(invoice.id).digest("hex");
  await sql`update invoices set pdf_sha256 = ${sha256}, rendered_at = now() where id = ${invoice.id}`;
  return { ctx, invoice, sha256 };
}

const check = (what: string, address = "203.0.113.1") => verifyDocument(stranger(address), verifyInput.parse({ what }));

test("anyone with a document's file learns that exactly it was issued, when, by whom and over how much, however the hash is written", async () => {
  const { invoice, sha256 } = await issued();
  const found = { number: invoice.number, isExact: true, totalCents: 2400n, kind: "summary", livemode: false };
  expect(await check(sha256)).toMatchObject(found);
  expect(await check(`  ${sha256.toUpperCase().replace(/(.{8})/g, "$1 ")}`)).toMatchObject(found);
  expect(await check(sha256.replace(/^./, (digit) => (digit === "0" ? "1" : "0")))).toBeNull();
});

test("a number alone, which can be guessed, tells no amount; and nothing tells who a document was made out to", async () => {
  const { ctx, invoice, sha256 } = await issued();
  const byNumber = await check(invoice.number.toLowerCase(), "203.0.113.2");
  expect(byNumber).toMatchObject({ number: invoice.number, isExact: false, totalCents: null });
  const said = JSON.stringify([byNumber, await check(sha256, "203.0.113.2")], (_, part) =>
    typeof part === "bigint" ? String(part) : part,
  );
  const { name, address } = invoice.buyer as { name: string; address: { line1: string } };
  for (const word of [name, address.line1, ctx.organizationId, invoice.id]) expect(said).not.toContain(word);
  expect(await check("TEST-INV-2026-999999", "203.0.113.2")).toBeNull();
});

test("one address asks so often and no more; others are not held up by it", async () => {
  const { max } = attemptLimits["verify:address"];
  for (let tries = 0; tries < max; tries++) await check("INV-1", "203.0.113.3");
  await expect(check("INV-1", "203.0.113.3")).rejects.toMatchObject({ problem: "rate_limited" });
  expect(await check("INV-1", "203.0.113.4")).toBeNull();
});
