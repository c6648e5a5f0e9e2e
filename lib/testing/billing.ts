import type { Db, Sql } from "#db/client.ts";
import { type Id, newId, prefixes } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import { permissionsOf } from "#lib/core/access/roles.ts";
import { type StaffRole, staffPermissions } from "#lib/core/access/staff-roles.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import { now } from "#lib/core/clock.ts";
import { type AccountContext, acrossTenants, type Context, inOrganization } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { publishBilling, saveProfile } from "#lib/domain/billing/accounts/commands.ts";
import { closeMonth } from "#lib/domain/billing/closing/commands.ts";
import { beginSetup, completePage } from "#lib/domain/payments/pages/commands.ts";
import { publishFirstThresholds } from "#lib/domain/thresholds/commands.ts";
import { sandboxMethodInput } from "#lib/engine/payments/sandbox/cards.ts";
import { enterSandboxMethod } from "#lib/engine/payments/sandbox/pages.ts";
import { testUsageRow } from "./metering.ts";
import { testWorkspace } from "./workspace.ts";

const euro = 1_000_000_000_000n;

/** For tests: the house itself at some moment, as jobs and the operator are. */
export const systemAt = (db: Db, at: Date): AccountContext =>
  acrossTenants({
    db,
    now: at,
    actor: {
      kind: "system",
      id: "system",
      name: "test",
      permissions: permissionsOf({ system: systemPermissions }, ["system"]),
    },
    origin: { address: "internal", agent: "vitest" },
  });

/** For tests: a person of the staff at their desk, with the database as it shows itself there. */
export const staffAt = (role: StaffRole, at: Date): AccountContext =>
  acrossTenants({
    db: tenantDb({ isStaff: true }),
    now: at,
    actor: {
      kind: "staff",
      id: newId("user", at),
      name: "Jonas Ek",
      email: "ledger@example.com",
      sessionId: newId("session", at),
      permissions: permissionsOf(staffPermissions, [role]),
    },
    origin: { address: "203.0.113.9", agent: "vitest" },
  });

export const frenchProfile = {
  type: "business" as const,
  name: "Atelier Lumière SAS",
  line1: "12 rue des Forges",
  line2: null,
  postalCode: "35000",
  city: "Rennes",
  country: "FR",
  vatId: null,
  poNumber: null,
  emails: ["comptes@example.com"],
};

/** For tests: an organization that pays, with its profile, born at a moment; with a card of the sandbox if a number is given. */
export async function testCustomer(
  db: Db,
  { at, card, profile = frenchProfile }: { at: Date; card?: string; profile?: Parameters<typeof saveProfile>[1] },
): Promise<Context> {
  const ctx = { ...(await testWorkspace(db)), now: at } as Context;
  await makePayable(db, ctx, { card, profile });
  return ctx;
}

/** For tests: gives an organization a billing profile and, unless it is to have none, a card of the sandbox. */
export async function makePayable(
  db: Db,
  ctx: Context,
  { card, profile = frenchProfile }: { card?: string | undefined; profile?: Parameters<typeof saveProfile>[1] } = {
    card: "4242424242424242",
  },
): Promise<void> {
  env().BILLING_SANDBOX = "on";
  await publishBilling(systemAt(db, ctx.now));
  await publishFirstThresholds(systemAt(db, ctx.now));
  await saveProfile(ctx, profile);
  if (card) await addCard(db, ctx, card);
}

/** For tests: enters a number on the sandbox's page, as a person would, and comes back. */
export async function addCard(db: Db, ctx: Context, number: string): Promise<void> {
  const url = new URL(await beginSetup(ctx, { returnTo: "/billing" }));
  const ref = url.pathname.split("/").at(-1) ?? "";
  await enterSandboxMethod(db, ref, sandboxMethodInput.parse({ number, expMonth: "12", expYear: "2040" }), now());
  const [page] = await db.execute<{ id: string }>(`select id from hosted_pages where ref = '${ref}'`);
  await completePage(ctx, page?.id as Id<"hostedPage">);
}

/** For tests: an organization with an invoice for November 2026 of 48 euros, VAT included, on the first day after it. */
export async function invoicedCustomer(
  { db, sql }: { db: Db; sql: Sql },
  card?: string,
): Promise<{ ctx: Context; invoiceId: Id<"invoice"> }> {
  const [november, december] = [new Date("2026-11-10T12:00:00Z"), new Date("2026-12-01T00:05:00Z")];
  const ctx = await testCustomer(db, { at: november, ...(card ? { card } : {}) });
  // Less than the first threshold, so that it is one document.
  await use(sql, ctx, 40, november);
  await closeMonth(asSystem(ctx, db, december), "2026-11-01");
  const [open] = await openInvoices(sql, ctx);
  if (!open) throw new Error("No invoice was issued.");
  return { ctx: { ...ctx, now: december } as Context, invoiceId: open.id };
}

let made = 0;

/** For tests: one metered request of that many euros, at a moment. */
export async function use(sql: Sql, ctx: Context, euros: number, at: Date, model = "m"): Promise<void> {
  const cost = BigInt(Math.round(euros * 1_000_000)) * (euro / 1_000_000n);
  made += 1;
  const row = testUsageRow(
    { ...ctx, now: new Date(at.getTime() + (made % 1000)) } as Context,
    `${prefixes.key}_test` as Id<"key">,
    {
      cost: 0n,
      waived: 0n,
    },
  );
  // So many tokens at ten euros a million.
  const priced = {
    ...row,
    id: newId("request", at),
    at: at.toISOString(),
    model,
    prompt_tokens: Number(cost / 10_000_000n),
    input_micros: 10_000_000,
    cached_input_micros: 1_000_000,
    output_micros: 30_000_000,
    cost_pico: String(cost),
    held_pico: "0",
  };
  await sql`select ensure_usage_partition(${at.toISOString().slice(0, 10)}::date)`;
  await sql`select meter(${JSON.stringify([priced])})`;
}

export const asSystem = (ctx: Context, db: Db, at: Date) => inOrganization(systemAt(db, at), ctx.organizationId);

/** For tests: documents that something is open of, in the order of their numbers. */
export const openInvoices = (sql: Sql, { organizationId }: Context) =>
  sql<{ id: Id<"invoice">; kind: string }[]>`select id, kind from invoices
    where organization_id = ${organizationId} and state = 'open' order by issued_at, seq`;
