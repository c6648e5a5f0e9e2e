import { type Id, newId } from "#db/id.ts";
import type { Context } from "#lib/core/context.ts";
import { closeMonths } from "#lib/domain/billing/closing/commands.ts";
import { expireCredits, grantCredit } from "#lib/domain/billing/credits/commands.ts";
import { issueAdvances } from "#lib/domain/billing/cycles/commands.ts";
import { decideDispute, openDispute, withdrawDispute } from "#lib/domain/billing/disputes/commands.ts";
import { lookUpPayments } from "#lib/domain/payments/attempts/commands.ts";
import { dun } from "#lib/domain/payments/dunning/commands.ts";
import { receiveEvent, workOffEvent } from "#lib/domain/payments/inbox/commands.ts";
import { waitingEvents } from "#lib/domain/payments/inbox/queries.ts";
import { chooseMethod, removeMethod } from "#lib/domain/payments/methods/commands.ts";
import { paymentMethodsOf } from "#lib/domain/payments/methods/queries.ts";
import { beginPayment, sweepPages } from "#lib/domain/payments/pages/commands.ts";
import { recordReceipt } from "#lib/domain/payments/receipts/commands.ts";
import { reconcile } from "#lib/domain/payments/reconciliation/commands.ts";
import { lookUpRefunds, refund } from "#lib/domain/payments/refunds/commands.ts";
import { testUsageRow } from "#lib/testing/metering.ts";
import {
  decideDispute as decideChargeback,
  failRefund,
  openDispute as openChargeback,
} from "#lib/testing/stripe/refunds.ts";
import { breakLine, closeUnknown, collectOne, lookTogether, openInvoice } from "./lines.ts";
import type { Act, Town } from "./town.ts";

type Row = { organizationId: Id<"organization">; id: string };

const contextOf = (town: Town, organizationId: string): Context => {
  const found = town.customers.find((ctx) => ctx.organizationId === organizationId);
  if (!found) throw new Error("An invoice of no one.");
  return { ...found, now: town.now } as Context;
};

/** A request: its cost is held on every scope, then metered out of what is held. Without room it is refused. */
const spend: Act = async (town, worker) => {
  const ctx = town.person();
  const { organizationId, workspaceId, now } = ctx;
  const lessee = town.workers[worker] ?? "";
  const row = testUsageRow(ctx, `key_${"0".repeat(26)}` as Id<"key">, { cost: 0n, waived: 0n });
  const tokens = 1 + town.chance.below(town.chance.is(0.3) ? 9_000_000 : 400_000);
  const cost = String(BigInt(tokens) * 10_000_000n);
  const month = `${now.toISOString().slice(0, 7)}-01`;
  const scopes = Object.entries({ organization: organizationId, workspace: workspaceId, key: row.key_id });
  const ask = (parts: object) =>
    JSON.stringify(
      scopes.map(([scope, id]) => ({
        organization_id: organizationId,
        scope,
        scope_id: id,
        month,
        ...{ want: 0, minimum: 0, ahead: 0, give: 0, done: false },
        ...parts,
      })),
    );
  const granted = await town.sql`select granted from lease(${lessee}, ${ask({ want: cost, minimum: cost })})`;
  if (granted.some((one) => BigInt(one.granted) < BigInt(cost))) {
    const got = granted.reduce((most, one) => (BigInt(one.granted) > most ? BigInt(one.granted) : most), 0n);
    await town.sql`select from lease(${lessee}, ${ask({ give: String(got) })})`;
    return;
  }
  const priced = {
    ...{ ...row, id: newId("request", now), prompt_tokens: tokens, cost_pico: cost, held_pico: cost },
    ...{ input_micros: 10_000_000, cached_input_micros: 1_000_000, output_micros: 30_000_000 },
  };
  await town.sql`select ensure_usage_partition(${month}::date)`;
  await town.sql`select meter(${JSON.stringify([priced])}, ${lessee})`;
  // A retry of the same batch adds nothing.
  if (town.chance.is(0.1)) await town.sql`select meter(${JSON.stringify([priced])})`;
};

const dispute: Act = async (town) => {
  const lines = await town.sql<{ organizationId: string; invoiceId: Id<"invoice">; line: number; left: bigint }[]>`
    select line.organization_id as "organizationId", invoice_id as "invoiceId", line, amount_cents::text as left
    from invoice_lines as line join invoices on invoices.organization_id = line.organization_id and invoices.id = invoice_id
    where invoices.kind <> 'credit_note' and amount_cents > 1`;
  const line = town.chance.one(lines);
  if (!line) return;
  const amount = 1n + BigInt(Math.floor(town.chance.next() * Number(line.left)));
  await openDispute(contextOf(town, line.organizationId), {
    invoiceId: line.invoiceId,
    wants: "credit",
    reason: "These requests were not ours.",
    lines: [{ line: line.line, amount }],
  });
};

const openOnes = async (town: Town) =>
  town.chance.one(
    await town.sql<Row[]>`select organization_id as "organizationId", id from disputes where state = 'open'`,
  );

const decide: Act = async (town) => {
  const found = await openOnes(town);
  if (!found) return;
  const outcome = town.chance.one(["accepted", "partly", "rejected"] as const) ?? "rejected";
  await decideDispute(town.system(true), {
    organizationId: found.organizationId,
    disputeId: found.id as Id<"dispute">,
    outcome,
    amount: 1n + BigInt(town.chance.below(3000)),
    answer: "We looked at the requests of that day.",
  });
};

const withdraw: Act = async (town) => {
  const found = await openOnes(town);
  if (found) await withdrawDispute(contextOf(town, found.organizationId), { disputeId: found.id as Id<"dispute"> });
};

const grant: Act = async (town) => {
  const { organizationId } = town.person();
  const kind = town.chance.one(["promo", "goodwill", "purchased"] as const) ?? "promo";
  const day = new Date(town.now.getTime() + 86_400_000 * town.chance.below(20)).toISOString().slice(0, 10);
  await grantCredit(town.system(true), {
    ...{ organizationId, kind, reason: "Welcome", amount: 1n + BigInt(town.chance.below(4000)) },
    expiresOn: kind === "promo" ? day : undefined,
  });
};

const came = async (town: Town) =>
  town.chance.one(
    await town.sql<(Row & { ref: string; left: string })[]>`
      select organization_id as "organizationId", id, ref, (amount_cents - refunded_cents - charged_back_cents)::text as left
      from payments where state = 'succeeded' and provider = 'stripe'`,
  );

const sendBack: Act = async (town) => {
  const payment = await came(town);
  if (!payment || payment.left === "0") return;
  const amount = 1n + BigInt(town.chance.below(Number(payment.left)));
  const { organizationId, id } = payment;
  await refund(town.system(true), { organizationId, paymentId: id as Id<"payment">, amount });
};

/** A cardholder takes a payment back that nothing was refunded of. */
const chargeBack: Act = async (town) => {
  const { books } = town.standIn;
  const isBack = (id: string) =>
    books.all("dispute").some((one) => one.payment_intent === id) ||
    books.all("refund").some((one) => one.payment_intent === id);
  const intent = town.chance.one(town.intents.filter(({ id, status }) => status === "succeeded" && !isBack(id)));
  if (intent) openChargeback(books, intent.id);
};

const judge: Act = async (town) => {
  const { books } = town.standIn;
  const ids = new Set(town.intents.map(({ id }) => id));
  const found = town.chance.one(
    books.all("dispute").filter((one) => ids.has(String(one.payment_intent)) && !["won", "lost"].includes(one.status)),
  );
  if (found) decideChargeback(books, found.id, town.chance.one(["under_review", "won", "lost"] as const) ?? "won");
};

const bounceRefund: Act = async (town) => {
  const ids = new Set(town.intents.map(({ id }) => id));
  const { books } = town.standIn;
  const found = town.chance.one(
    books.all("refund").filter((one) => ids.has(String(one.payment_intent)) && one.status !== "failed"),
  );
  if (found) failRefund(books, found.id);
};

let receipts = 0;
const receipt: Act = async (town) => {
  const invoice = await openInvoice(town);
  if (!invoice) return;
  receipts += 1;
  await recordReceipt(town.system(true), {
    ...{ organizationId: invoice.organizationId, invoiceId: invoice.id, amount: 1n + BigInt(town.chance.below(9000)) },
    ...{ valueDate: town.now.toISOString().slice(0, 10), bankRef: `T-${receipts}` },
  });
};

const payByHand: Act = async (town) => {
  const invoice = await openInvoice(town);
  if (!invoice) return;
  const ctx = contextOf(town, invoice.organizationId);
  const url = await beginPayment(ctx, { invoiceId: invoice.id, returnTo: "/billing" });
  const ref = new URL(url).pathname.split("/").at(-1) ?? "";
  if (town.chance.is(0.3)) return;
  const number = town.chance.one(["4242424242424242", "4000002500003155", "4000000000000341"]) ?? "";
  if (town.standIn.enter(ref, { number, expYear: 2099 }) && number.endsWith("3155"))
    town.standIn.confirm(ref, town.chance.is(0.7));
};

const changeMethods: Act = async (town) => {
  const ctx = town.person();
  const methods = await paymentMethodsOf(ctx);
  const method = town.chance.one(methods);
  if (!method || town.chance.is(0.5)) return town.addMethod(ctx);
  return town.chance.is(0.5) ? removeMethod(ctx, { id: method.id }) : chooseMethod(ctx, { id: method.id });
};

/** What the provider tells arrives late, twice, in any order, or not at all. */
export async function deliver(town: Town, events: Town["events"]): Promise<void> {
  for (const event of events) {
    const { body, signature } = town.standIn.webhooks.sign({ ...event });
    await receiveEvent(town.system(true), "stripe", body, signature);
  }
}

const tell: Act = async (town) => {
  const { events } = town;
  const picked = Array.from({ length: 4 }, () => {
    // Mostly what is new.
    const back = town.chance.is(0.7) ? Math.min(events.length, 12) : events.length;
    return events[events.length - 1 - town.chance.below(back)];
  }).filter((one) => one !== undefined);
  await deliver(town, picked);
};

export const workOff: Act = async (town) => {
  for (const { eventId } of await waitingEvents(town.system()))
    await workOffEvent(town.system(true), "stripe", eventId).catch((error: unknown) => {
      // It stays in the inbox and is tried again.
      if (!/has not come|is not known yet/.test(String(error))) throw error;
    });
};

const passTime: Act = async (town) => {
  const hours = town.chance.one([0.05, 0.5, 5, 30]) ?? 1;
  await town.pass(hours * 3_600_000 * (0.5 + town.chance.next()));
};

/** Each act with how often it comes. */
export const acts: readonly [name: string, weight: number, act: Act][] = [
  ["spend", 14, spend],
  ["issue advances", 4, (town) => issueAdvances(town.system(true))],
  ["collect", 9, collectOne],
  ["look up payments", 6, (town) => lookUpPayments(town.system(true))],
  ["look up together", 4, lookTogether],
  ["look up refunds", 2, (town) => lookUpRefunds(town.system(true))],
  ["sweep pages", 2, (town) => sweepPages(town.system(true))],
  ["close months", 4, (town) => closeMonths(town.system(true))],
  ["close with an unknown payment", 2, closeUnknown],
  ["dun", 2, (town) => dun(town.system(true))],
  ["tell", 5, tell],
  ["work off", 4, workOff],
  ["pass time", 5, passTime],
  ["break the line", 6, breakLine],
  ["settle debits", 2, async (town) => town.standIn.settleDebits()],
  ["open a dispute", 3, dispute],
  ["decide a dispute", 3, decide],
  ["withdraw a dispute", 1, withdraw],
  ["grant credit", 2, grant],
  ["expire credit", 1, (town) => expireCredits(town.system(true))],
  ["refund", 3, sendBack],
  ["bounce a refund", 1, bounceRefund],
  ["charge back", 1, chargeBack],
  ["judge a chargeback", 2, judge],
  ["receipt", 2, receipt],
  ["pay by hand", 3, payByHand],
  ["change methods", 3, changeMethods],
  ["reconcile", 1, (town) => reconcile(town.system(true))],
];
