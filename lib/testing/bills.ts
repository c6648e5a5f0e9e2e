import type { Db, Sql } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import type { Context } from "#lib/core/context.ts";
import { issueAdvances } from "#lib/domain/billing/cycles/commands.ts";
import { openDispute, writeMessage } from "#lib/domain/billing/disputes/commands.ts";
import { collect } from "#lib/domain/payments/attempts/commands.ts";
import { frenchProfile, makePayable, systemAt, use } from "./billing.ts";

/** What an organization has that pays: an advance that was not collected, of which a part is disputed. */
export type Bills = {
  invoice: Id<"invoice">;
  payment: Id<"payment">;
  paymentMethod: Id<"paymentMethod">;
  hostedPage: Id<"hostedPage">;
  dispute: Id<"dispute">;
};

type Making = { db: Db; sql: Sql; ctx: Context; word: string };

/** For tests: makes an organization pay, with a card that is declined when it is charged. */
export async function testBills({ db, sql, ctx, word }: Making): Promise<Bills> {
  const profile = { ...frenchProfile, name: `${word} SAS`, emails: [`bills@${word}.example`] };
  await makePayable(db, ctx, { card: "4000000000000341", profile });
  await use(sql, ctx, 60, ctx.now);
  await issueAdvances(systemAt(db, ctx.now));
  const its = sql`where organization_id = ${ctx.organizationId}`;
  const [advance] = await sql`select id from invoices ${its}`;
  const invoice = advance?.id as Id<"invoice">;
  await collect(ctx, invoice);
  const [[payment], [method], [page]] = await Promise.all([
    sql`select id from payments ${its}`,
    sql`select id from payment_methods ${its}`,
    sql`select id from hosted_pages ${its}`,
  ]);
  const reason = `The ${word} did not use that much.`;
  const dispute = await openDispute(ctx, {
    invoiceId: invoice,
    wants: "credit",
    reason,
    lines: [{ line: 1, amount: 10_00n }],
  });
  return { invoice, payment: payment?.id, paymentMethod: method?.id, hostedPage: page?.id, dispute };
}

/** For tests: a file that the organization sent with a message about a dispute. */
export async function testDisputeFile({ sql, ctx, word }: Omit<Making, "db">, disputeId: Id<"dispute">) {
  const files = [new File([`%PDF-1.7 ${word}`], `${word}.pdf`)];
  await writeMessage(ctx, { disputeId, body: `The ${word} has its own meter.`, files });
  const [file] = await sql`select id from dispute_files where organization_id = ${ctx.organizationId}`;
  return file?.id as Id<"disputeFile">;
}
