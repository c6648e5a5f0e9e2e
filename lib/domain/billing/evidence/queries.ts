import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import { endOfMonth, monthOf } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { divideRounded, picoOfCents } from "#lib/core/money.ts";
import { nextThreshold } from "#lib/domain/billing/cycles/rules.ts";
import { disputableUntil } from "#lib/domain/billing/invoices/rules.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { type ContractFacts, effective, plainValue, planOf } from "#lib/domain/contract/values/rules.ts";
import { billingRows } from "./rules.ts";

type Document = {
  id: string;
  number: string;
  kind: string;
  state: string;
  issued_at: string;
  total_cents: string;
  threshold_cents: string | null;
  prepaid_cents: string;
  due_cents: string;
};
type Row = {
  documents: number;
  methods: number;
  used_pico: string;
  latest: Document[] | null;
  unbilled: string | null;
  dispute_state: string | null;
} & Record<"letter_state" | "letter_at" | "past_due_since" | "opened_at" | "decided_at", string | null>;

async function rowOf({ db, organizationId, now }: OrganizationContext): Promise<Row | undefined> {
  const month = monthOf(now);
  const [row] = await db.execute<Row>(sql`
    select (select count(*)::int from invoices where organization_id = ${organizationId}) as documents,
      (select count(*)::int from payment_methods where organization_id = ${organizationId} and detached_at is null) as methods,
      coalesce((select settled_pico from spend_months where organization_id = ${organizationId} and scope = 'organization'
        and scope_id = ${organizationId} and month = ${month}), 0) as used_pico,
      (select json_agg(one) from (select distinct on (kind) id, number, kind, state, issued_at, total_cents::text, threshold_cents::text,
        prepaid_cents::text, due_cents::text from invoices where organization_id = ${organizationId} and kind <> 'credit_note'
        order by kind, issued_at desc, seq desc) as one) as latest,
      (select min(month)::text from billing_cycles where organization_id = ${organizationId} and state = 'open' and month < ${month}) as unbilled,
      (select past_due_since from billing_accounts where organization_id = ${organizationId}) as past_due_since,
      letter.*, dispute.*
    from (select 1) as one
      left join lateral (select state as letter_state, coalesce(sent_at, created_at) as letter_at from letters
        where organization_id = ${organizationId} and kind = 'billing.advance' order by created_at desc, id desc limit 1) as letter on true
      left join lateral (select state as dispute_state, opened_at, decided_at from disputes where organization_id = ${organizationId}
        order by state = 'open' desc, opened_at desc limit 1) as dispute on true`);
  return row;
}

const viewOf = ({ id, number, state, issued_at, total_cents }: Document) => ({
  ...{ id, number, state },
  at: new Date(issued_at),
  totalCents: BigInt(total_cents),
});

export async function billingEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"billing">> {
  authorize(ctx.actor, "contract.read");
  const [row, facts] = await Promise.all([rowOf(ctx), contractSources(ctx)]);
  if (!row) throw new AppError("not_found", "This organization is gone.");
  const latest = row.latest ?? [];
  const last = latest.toSorted((a, b) => a.issued_at.localeCompare(b.issued_at)).at(-1);
  return billingRows({
    plan: planOf(facts, ctx.now),
    documents: row.documents,
    methods: row.methods,
    unbilled: row.unbilled,
    ...spentOf(facts, row, ctx.now),
    ...documentsOf(latest),
    ...lettersOf(row),
    last: last ? viewOf(last) : null,
    disputableUntil: untilOf(last, plainValue(facts, "days.dispute", ctx.now), ctx.now),
    cycleEnd: endOfMonth(monthOf(ctx.now)),
  });
}

function spentOf(facts: ContractFacts, { used_pico }: Row, at: Date) {
  const said = effective(facts, "thresholds", at);
  const amounts = said?.value.amounts.map(BigInt) ?? [];
  const step = said?.value.step ? BigInt(said.value.step) : null;
  const usedCents = divideRounded(BigInt(used_pico), picoOfCents(1n));
  return {
    thresholds: { title: said?.source.title ?? "your plan", count: amounts.length },
    usedCents,
    nextCents: nextThreshold({ ref: "", amounts, step }, usedCents),
  };
}

function documentsOf(latest: readonly Document[]) {
  const advance = latest.find(({ kind }) => kind === "advance");
  const summary = latest.find(({ kind }) => kind === "summary");
  const thresholdCents = advance?.threshold_cents ? BigInt(advance.threshold_cents) : null;
  return {
    advance: advance ? { ...viewOf(advance), thresholdCents } : null,
    summary: summary
      ? { ...viewOf(summary), prepaidCents: BigInt(summary.prepaid_cents), dueCents: BigInt(summary.due_cents) }
      : null,
  };
}

function lettersOf(row: Row) {
  const [letterAt, openedAt] = [instantOf(row.letter_at), instantOf(row.opened_at)];
  return {
    advanceLetter: letterAt && { at: letterAt, state: row.letter_state ?? "" },
    pastDueSince: instantOf(row.past_due_since),
    dispute: openedAt && { state: row.dispute_state ?? "", openedAt, decidedAt: instantOf(row.decided_at) },
  };
}

function untilOf(last: Document | undefined, days: number, now: Date): Date | null {
  if (!last) return null;
  const until = disputableUntil(new Date(last.issued_at), days);
  return until > now ? until : null;
}
