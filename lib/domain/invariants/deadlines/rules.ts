import { addWorkingDays } from "#lib/core/clock.ts";
import { disputableUntil } from "#lib/domain/billing/invoices/rules.ts";
import { type ClockName, passesByItself } from "#lib/domain/deadlines/rules.ts";

/** What a rule counts from: an instant, more time on top, and the days of the customer's contract. */
export type Base = { at: Date; moreMs: number; disputeDays: number };

type Source = {
  /** What is open: organization_id, subject_id, the instant its date follows from, and how much more it has. */
  open: string;
  /** Where the instant is not the date itself. */
  due?: (base: Base) => Date;
};

const given = (
  about: string,
  subject = "id",
): string => `select organization_id, ${subject} as subject_id, effective_at as at, 0 as more_ms
  from legal_notices where about = '${about}' and noticed_at is not null and applied_at is null and exists (
    select from agreements where agreements.organization_id = legal_notices.organization_id and ended_at is null
      and starts_at <= posted_at)`;

const asked = (table: string, state: string, kind: string): string =>
  `select one.organization_id, one.id as subject_id, first_due_at as at, 0 as more_ms from ${table} as one
    join tickets on tickets.organization_id = one.organization_id and tickets.record_id = one.id
    where tickets.kind = '${kind}' and one.state = '${state}'`;

const deletion = (kind: string): string =>
  `select organization_id, id as subject_id, due_at as at, 0 as more_ms from deletions where state = 'open' and kind = '${kind}'`;

const kept = (kind: string): string =>
  `select organization_id, agreement_number || ':' || kind as subject_id, purge_at as at, 0 as more_ms from retention_clocks
    where kind = '${kind}' and restored_at is null and receipt_id is null`;

/** Where each clock's subjects are, and what its date is: said a second time, apart from the commands that turn it. */
export const sources: Partial<Record<ClockName, Source>> = {
  "contract.end": {
    open: `select organization_id, id as subject_id, ends_at as at, 0 as more_ms from terminations
      where withdrawn_at is null and applied_at is null`,
  },
  "order.end": {
    open: `select organization_id, id as subject_id, ends_at as at, 0 as more_ms from purchase_orders
      where state = 'active' and ends_at is not null`,
  },
  "terms.effective": { open: given("terms") },
  "terms.exit": { open: given("terms") },
  "subprocessor.effective": { open: given("subprocessor") },
  "model.retire": { open: given("model", "about_id") },
  "alias.move": { open: given("alias", "about_id") },
  "bundle.expiry": {
    open: "select organization_id, id as subject_id, expires_at as at, 0 as more_ms from bundles where state = 'ready'",
  },
  "notice.undelivered": {
    open: `select found.organization_id, subject_id, opened_at as at, 0 as more_ms from deadlines as found
      join legal_notices on legal_notices.organization_id = found.organization_id and legal_notices.id = subject_id
      where clock = 'notice.undelivered' and met_at is null and cancelled_at is null and noticed_at is null`,
    due: ({ at }) => addWorkingDays(at, 2),
  },
  "rate.request": { open: asked("rate_requests", "submitted", "higher_limits") },
  "dispute.answer": { open: asked("disputes", "open", "billing_dispute") },
  "suspension.review": {
    open: `select organization_id, id as subject_id, 0 as more_ms, least((review_on + 1)::timestamp at time zone 'UTC',
      case when appeal_decision is null then appeal_due_at end) as at from suspensions where state = 'active'`,
  },
  "zdr.review": {
    open: `select organization_id, id as subject_id, created_at as at, waited_ms as more_ms from zero_retention_requests
      where state in ('submitted', 'in_review')`,
    due: ({ at, moreMs }) => new Date(addWorkingDays(at, 5).getTime() + moreMs),
  },
  "zdr.implement": {
    open: `select organization_id, id as subject_id, decided_at + interval '4 hours' as at, 0 as more_ms
      from zero_retention_requests where state in ('approved', 'implementing')`,
  },
  "deletion.agent": { open: deletion("agent") },
  "deletion.data": { open: deletion("data") },
  "deletion.tuned-model": {
    open: `select organization_id, id as subject_id, legal_due_at as at, 0 as more_ms from tickets
      where kind = 'delete_model' and state in ('open', 'waiting') and reopened = 0 and legal_due_at is not null`,
  },
  "grant.expiry": {
    open: `select organization_id, id as subject_id, ends_at as at, 0 as more_ms from assistance_grants
      where state in ('granted', 'active')`,
  },
  "directive.expiry": {
    open: `select organization_id, id as subject_id, (until + 1)::timestamp at time zone 'UTC' as at, 0 as more_ms
      from model_transfers where revoked_at is null and executed_at is null`,
  },
  "report.decide": {
    open: `select organization_id, id as subject_id, reported_at as at, 0 as more_ms from agent_reports where decided_at is null`,
    due: ({ at }) => addWorkingDays(at, 5),
  },
  "billing.close": {
    open: `select organization_id, month::text as subject_id, (month + interval '1 month') at time zone 'UTC' as at, 0 as more_ms
      from billing_cycles where state = 'open'`,
  },
  "dispute.window": {
    open: `select organization_id, id as subject_id, issued_at as at, 0 as more_ms from invoices
      where kind <> 'credit_note' and credited_cents < total_cents`,
    due: ({ at, disputeDays }) => disputableUntil(at, disputeDays),
  },
  "key.expiry": {
    open: `select organization_id, id as subject_id, expires_at as at, 0 as more_ms from keys
      where purpose in ('api', 'service') and revoked_at is null and expires_at is not null`,
  },
  "retention.agent": { open: kept("agents") },
  "retention.conversation": { open: kept("conversations") },
  "retention.file": { open: kept("files") },
  "retention.tuned-model": { open: kept("tuned-models") },
};

export type Found = {
  /** By its rule; null: nothing is open that a deadline would be of. */
  due: Date | null;
  /** As it is kept; null: none is open. */
  kept: Date | null;
};

export const flaws = {
  missing: "everything open that has a date has one open deadline",
  left: "no deadline is open of what is over",
  moved: "each open deadline has the date its rule gives",
} as const;

/** What is wrong with a subject, if anything is. A date that is all of its clock may have passed a moment ago. */
export function flawOf(clock: ClockName, { due, kept }: Found, now: Date): keyof typeof flaws | null {
  const hasPassed = (at: Date | null): boolean => passesByItself(clock) && at !== null && at <= now;
  if (kept === null) return due === null || hasPassed(due) ? null : "missing";
  if (due === null) return hasPassed(kept) ? null : "left";
  return due.getTime() === kept.getTime() ? null : "moved";
}
