import type { Id } from "#db/id.ts";
import { closeMonths } from "#lib/domain/billing/closing/commands.ts";
import { issueAdvances } from "#lib/domain/billing/cycles/commands.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { collect, lookUpPayments } from "#lib/domain/payments/attempts/commands.ts";
import { sweepPages } from "#lib/domain/payments/pages/commands.ts";
import { reconcile } from "#lib/domain/payments/reconciliation/commands.ts";
import { lookUpRefunds } from "#lib/domain/payments/refunds/commands.ts";
import { deliver, workOff } from "./acts.ts";
import type { Town } from "./town.ts";

const hourMs = 3_600_000;
/** Longer than any key is kept, so that what was never sent is given up. */
const rounds = 60;

/** Everything that is under way comes to its end: nothing fails any more, and every event arrives at last. */
export async function drain(town: Town): Promise<void> {
  town.isCalm = true;
  town.standIn.faults.clear();
  let told = 0;
  for (let round = 0; round < rounds; round++) {
    town.standIn.books.advance(hourMs);
    await deliver(town, town.events.slice(told));
    told = town.events.length;
    await workOff(town, 0);
    await sweepPages(town.system());
    await lookUpPayments(town.system());
    await lookUpRefunds(town.system());
    town.standIn.settleDebits();
    if (round > 26 && told === town.events.length && (await underWay(town)).length === 0) return;
  }
  town.problems.push(`Still under way: ${JSON.stringify(await underWay(town))}`);
}

/** Closes what is over and collects what is open, as the jobs would. */
export async function settleUp(town: Town): Promise<void> {
  const at = town.now;
  town.standIn.books.advance(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1, 2) - at.getTime());
  await issueAdvances(town.system());
  await closeMonths(town.system());
  const open = await town.sql<{ organizationId: Id<"organization">; id: Id<"invoice"> }[]>`
    select organization_id as "organizationId", id from invoices where state = 'open'`;
  for (const { organizationId, id } of open) await collect(town.within(town.system(), organizationId), id);
}

const underWay = (town: Town) =>
  town.sql`select id, state, kind from payments where state in ('created', 'unknown', 'processing') and kind <> 'transfer'
    union all select id, state, 'refund' from refunds where state in ('created', 'unknown', 'processing')
    union all select event_id, type, 'event' from provider_events where processed_at is null`;

/** Queries for what breaks a rule that `verify` cannot know in a living installation. */
const rules: readonly [name: string, query: string][] = [
  [
    "an advance is canceled whose money was on its way (T-5.2-EOC)",
    `select advance.id from invoices as advance join payments as paid
      on paid.organization_id = advance.organization_id and paid.invoice_id = advance.id
      where advance.kind = 'advance' and advance.state = 'void' and paid.kind = 'off_session' and paid.state = 'succeeded'
      and not exists (select from chargebacks where payment_id = paid.id)`,
  ],
  [
    "a payment is told of more or less than once",
    `select its.organization_id from (select organization_id, count(*) as count from payments
      where state = 'succeeded' and kind <> 'transfer' group by 1) as its
      full join (select organization_id, count(*) as count from audit_events where action = 'payment.settle' group by 1) as told
      using (organization_id) where its.count is distinct from told.count`,
  ],
  [
    "an invoice has two summaries of a month",
    `select organization_id from invoices where kind = 'summary' group by organization_id, month having count(*) > 1`,
  ],
  [
    "an invoice of the test mode is in a legal series",
    `select id from invoices where not livemode and number not like 'TEST-%'`,
  ],
  [
    "a bank took a payment back and our books do not have it",
    `select id from chargebacks where state in ('needs_response', 'under_review') and closed_at is not null`,
  ],
];

/** What is wrong with the town: nothing, if all is well. */
export async function check(town: Town): Promise<string[]> {
  const problems = [...town.problems];
  for (const { name, violations } of await verify(town.system()))
    if (violations > 0) problems.push(`${name}: ${violations}`);
  for (const [name, query] of rules) {
    const found = await town.sql.unsafe(query);
    if (found.length > 0) problems.push(`${name}: ${found.length}`);
  }
  problems.push(...twoKeys(town), ...paidTwice(town));
  const theirs = theirCash(town);
  const [ours] = await town.sql<{ cents: string }[]>`select coalesce(sum(cents), 0)::text as cents from (
    select amount_cents as cents from ledger_entries where account = 'cash'
    union all select -amount_cents from bank_receipts
    union all select -amount_cents from credit_grants where kind = 'purchased') as moved`;
  if (BigInt(ours?.cents ?? 0) !== theirs) problems.push(`Cash is ${ours?.cents} here, ${theirs} there.`);
  if ((await reconcile(town.system())) > 0) {
    const found = await town.sql`select ref, what from payment_differences where resolved_at is null`;
    problems.push(...found.map(({ ref, what }) => `${ref}: ${what}`));
  }
  problems.push(...town.standIn.books.violations.splice(0).map((one) => `The provider's contract: ${one}`));
  return problems;
}

/** An attempt has one key, however often it is sent: with another, the provider would take it for another payment. */
function twoKeys({ standIn }: Town): string[] {
  const keys = new Map<string, Set<string>>();
  for (const { method, address, body, key = "" } of standIn.calls) {
    const attempt = new URLSearchParams(body).get("metadata[payment_id]");
    if (method !== "POST" || address !== "/v1/payment_intents" || attempt === null) continue;
    keys.set(attempt, (keys.get(attempt) ?? new Set()).add(key));
  }
  return [...keys].flatMap(([attempt, { size }]) => (size > 1 ? [`${attempt} was sent under ${size} keys.`] : []));
}

/** An attempt is one payment. */
function paidTwice({ intents }: Town): string[] {
  const paid = intents.filter(({ status }) => status === "succeeded");
  const attempts = new Set(paid.map(({ metadata }) => metadata.payment_id));
  return paid.length === attempts.size ? [] : [`${paid.length} payments came for ${attempts.size} attempts.`];
}

/** What the provider holds for us: what came, less what went back and what banks took. */
function theirCash({ intents, standIn: { books } }: Town): bigint {
  const ids = new Set(intents.map(({ id }) => id));
  const isOurs = ({ payment_intent: of }: { payment_intent: unknown }) => ids.has(String(of));
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + BigInt(amount), 0n);
  const cameIn = intents.filter(({ status }) => status === "succeeded").map((one) => one.amount_received);
  const refunds = books.all("refund").filter((one) => isOurs(one) && one.status === "succeeded");
  const lost = books.all("dispute").filter((one) => isOurs(one) && one.status !== "won");
  return sum(cameIn) - sum(refunds.map(({ amount }) => amount)) - sum(lost.map(({ amount }) => amount));
}
