import type { Invariant } from "#lib/domain/invariants/rules.ts";

/** The sum of one account of the ledger for each organization, in cents. */
const balance = (account: string): string =>
  `select organization_id, sum(amount_cents)::bigint as cents from ledger_entries where account = '${account}' group by 1`;

/** Organizations of which two queries say another number; who is in one of them only counts as nothing there. */
const unequal = (one: string, other: string): string =>
  `select organization_id from (${one}) as one full join (${other}) as other using (organization_id)
    where coalesce(one.cents, 0) <> coalesce(other.cents, 0)`;

const open = "greatest(0, due_cents - paid_cents - credited_cents - credit_used_cents)";

/** Trained tokens have a price of their own; what else is a fee has none by the piece. */
const pricedEvents = `select organization_id, date_trunc('month', at, 'UTC')::date, workspace_id, model, input_micros, cached_input_micros,
  output_micros, kind, case kind when 'training' then fee_pico / greatest(quantity, 1) else 0 end::numeric,
  count(*) filter (where kind = 'request')::bigint, sum(quantity)::numeric, sum(cost_pico) from usage_events
  where input_micros + cached_input_micros + output_micros > 0 or fee_pico > 0 group by 1, 2, 3, 4, 5, 6, 7, 8, 9`;
const usageLines = `select organization_id, month, workspace_id, model, input_micros, cached_input_micros, output_micros, kind,
  unit_micros::numeric, requests, quantity::numeric, cost_pico from usage_lines`;
const usageLineKinds =
  "'input', 'cached_input', 'output', 'waived', 'training', 'training_waived', 'training_minimum', 'model_storage'";

/** What holds of money at every moment by the terms: each is a query for what breaks it. */
export const billingInvariants: readonly Invariant[] = [
  {
    name: "every ledger transaction sums to zero",
    violations: `select organization_id, transaction_id from ledger_entries group by 1, 2 having sum(amount_cents) <> 0`,
  },
  {
    name: "what is receivable is what is open on invoices, less what is disputed",
    violations: unequal(
      balance("receivable"),
      `select organization_id, sum(${open} - disputed_cents)::bigint as cents from invoices where kind <> 'credit_note' group by 1`,
    ),
  },
  {
    name: "what is disputed in the ledger is what invoices say is disputed",
    violations: unequal(
      balance("receivable_disputed"),
      "select organization_id, sum(disputed_cents)::bigint as cents from invoices group by 1",
    ),
  },
  {
    name: "cash is what payments brought, less what went back, and credit that was bought",
    violations: unequal(
      balance("cash"),
      `select organization_id, sum(cents)::bigint as cents from (
        select organization_id, amount_cents - refunded_cents - charged_back_cents as cents from payments where state = 'succeeded'
        union all select organization_id, amount_cents from credit_grants where kind = 'purchased') as moved group by 1`,
    ),
  },
  {
    name: "what customers have as credit is what their grants have left",
    violations: unequal(
      balance("customer_credit"),
      "select organization_id, -sum(remaining_cents)::bigint as cents from credit_grants group by 1",
    ),
  },
  {
    name: "advances that are not taken off are exactly what the ledger owes for advances",
    violations: unequal(
      balance("advance_liability"),
      `select organization_id, -sum(net_cents - coalesce((select sum(net_cents) from invoices as note
          where note.organization_id = advance.organization_id and note.corrects_id = advance.id), 0))::bigint as cents
        from invoices as advance where kind = 'advance' and not exists (select from advance_applications as applied
          where applied.organization_id = advance.organization_id and applied.advance_id = advance.id) group by 1`,
    ),
  },
  {
    name: "what credit notes left of each advance is what its month's invoice took off, or what the ledger owes for it",
    violations: `select advance.id from invoices as advance
      left join (select organization_id, coalesce(document.corrects_id, document.id) as id, -sum(amount_cents) as net,
          sum(case document.kind when 'advance' then total_cents else -total_cents end) as total
        from ledger_entries as entry join ledger_transactions as posted using (organization_id)
        join invoices as document using (organization_id)
        where account = 'advance_liability' and posted.id = entry.transaction_id and document.id = posted.invoice_id
          and document.kind <> 'summary' group by 1, 2) as owed using (organization_id, id)
      left join advance_applications as applied on applied.organization_id = advance.organization_id and applied.advance_id = advance.id
      where advance.kind = 'advance' and case when applied.advance_id is null
        then coalesce(owed.net, 0) <> advance.net_cents - coalesce((select sum(net_cents) from invoices as note
          where note.organization_id = advance.organization_id and note.corrects_id = advance.id), 0)
        else (owed.net, owed.total, owed.total - owed.net) is distinct from (applied.net_cents, applied.total_cents, applied.tax_cents) end`,
  },
  {
    name: "every month's invoice takes off what is applied to it, in the ledger and in what was paid ahead",
    violations: `select summary.id from invoices as summary
      left join (select organization_id, summary_id as id, sum(net_cents) as net, sum(total_cents) as total
        from advance_applications group by 1, 2) as applied using (organization_id, id)
      left join (select posted.organization_id, invoice_id as id, sum(amount_cents) as net from ledger_entries as entry
        join ledger_transactions as posted on posted.organization_id = entry.organization_id and posted.id = entry.transaction_id
        where account = 'advance_liability' group by 1, 2) as taken using (organization_id, id)
      where kind = 'summary' and (coalesce(applied.net, 0) <> coalesce(taken.net, 0)
        or prepaid_cents <> least(coalesce(applied.total, 0), total_cents))`,
  },
  {
    name: "every advance of an invoiced month is taken off or credited (T-5.2-EOC)",
    violations: `select advance.id from invoices as advance join billing_cycles as cycle
      on cycle.organization_id = advance.organization_id and cycle.month = advance.month and cycle.state = 'invoiced'
      where advance.kind = 'advance' and advance.credited_cents < advance.total_cents and not exists (
        select from advance_applications as applied
        where applied.organization_id = advance.organization_id and applied.advance_id = advance.id)`,
  },
  {
    name: "advances of a month never sum to more than its fees (T-5.2-ADV2)",
    violations: `select advance.organization_id from invoices as advance join spend_months as used
      on used.organization_id = advance.organization_id and used.scope = 'organization' and used.month = advance.month
      where advance.kind = 'advance' group by 1, advance.month, used.settled_pico
      having sum(advance.net_cents)::numeric * 10000000000 > used.settled_pico`,
  },
  {
    name: "numbers of every series go from one without a gap, with dates that never go back",
    violations: `select number from (select number, seq, issued_at,
        row_number() over its as expected, lag(issued_at) over its as before
      from invoices window its as (partition by legal_entity_id, series, extract(year from issued_at at time zone 'UTC') order by seq)) as numbered
      where seq <> expected or issued_at < before`,
  },
  {
    name: "the last number of every series is the number of its documents",
    violations: `select series.series from number_series as series where series.last <> (select count(*) from invoices
      where invoices.legal_entity_id = series.legal_entity_id and invoices.series = series.series
        and extract(year from issued_at at time zone 'UTC') = series.year)`,
  },
  {
    name: "every document's lines sum to its net, and its taxes to its tax",
    violations: `select id from invoices where net_cents <> (select coalesce(sum(amount_cents), 0) from invoice_lines as line
        where line.organization_id = invoices.organization_id and line.invoice_id = invoices.id)
      or tax_cents <> (select coalesce(sum(tax_cents), 0) from invoice_taxes as tax
        where tax.organization_id = invoices.organization_id and tax.invoice_id = invoices.id)
      or abs(exact_pico - net_cents::numeric * 10000000000) > 5000000000`,
  },
  {
    name: "what was used at each price is the sum of its events",
    violations: `(${pricedEvents} except ${usageLines}) union all (${usageLines} except ${pricedEvents})`,
  },
  {
    name: "what documents took of what was used is what their lines say, less credit notes",
    violations: `select organization_id, month from (select organization_id, month, sum(invoiced_pico) as pico from usage_lines group by 1, 2) as taken
      full join (select line.organization_id, line.month, sum(line.exact_pico) as pico from invoice_lines as line
        join invoices on invoices.organization_id = line.organization_id and invoices.id = line.invoice_id
        where line.kind in (${usageLineKinds}) and invoices.kind <> 'credit_note' group by 1, 2) as billed
      using (organization_id, month) where coalesce(taken.pico, 0) <> coalesce(billed.pico, 0)`,
  },
  {
    name: "no document is paid, credited and settled by credit for more than it is",
    violations: `select id from invoices where paid_cents + credit_used_cents > due_cents or credited_cents > total_cents`,
  },
  {
    name: "an invoice is open exactly while something of it is",
    violations: `select id from invoices where kind <> 'credit_note' and (state = 'open') <> (${open} > 0) and state <> 'uncollectible'`,
  },
  {
    name: "no attempt to collect has been without an outcome for thirty days",
    violations: `select id from payments where state in ('created', 'unknown', 'requires_action')
      and created_at < now() - interval '30 days'`,
  },
];
