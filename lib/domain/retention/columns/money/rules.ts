import type { Tables } from "#lib/domain/retention/classes/rules.ts";

/** What is owed and paid. */
export const moneyTables = {
  advance_applications: {
    class: "billing",
    identifier: "advance_id summary_id",
    metadata: "net_cents tax_cents total_cents",
  },
  bank_receipts: {
    class: "billing",
    identifier: "id invoice_id payment_id bank_ref recorded_by",
    metadata: "amount_cents value_date recorded_at",
  },
  billing_accounts: {
    class: "billing",
    identifier: "legal_entity_id customer_ref vat_id",
    personal: "name address po_number emails",
    metadata:
      "currency provider livemode collection vat_status vat_checked_at vat_reference past_due_since blocked_at blocked_reason downgrade_on created_at updated_at",
  },
  billing_cycles: {
    class: "billing",
    metadata: "month state thresholds floor_cents next_cents looked_at carried_cents closed_at problem",
  },
  chargebacks: {
    class: "billing",
    identifier: "id ref payment_id",
    metadata: "amount_cents state created_at closed_at",
  },
  credit_grants: {
    class: "billing",
    identifier: "id created_by",
    personal: "reason",
    metadata: "kind amount_cents remaining_cents expires_at expired_at created_at",
  },
  credit_uses: { class: "billing", identifier: "credit_id invoice_id", metadata: "amount_cents before_cents at" },
  dunning_steps: { class: "billing", identifier: "invoice_id", metadata: "day at did" },
  hosted_pages: {
    class: "billing",
    identifier: "id payment_id ref created_by",
    secret: "url",
    metadata: "kind provider state created_at expires_at",
  },
  invoice_lines: {
    class: "billing",
    identifier: "invoice_id workspace_id",
    metadata:
      "line description detail kind model input_micros cached_input_micros output_micros month unit quantity unit_micros exact_pico amount_cents vat_category vat_rate corrects_line",
  },
  invoice_taxes: { class: "billing", identifier: "invoice_id", metadata: "category rate base_cents tax_cents note" },
  invoices: {
    class: "billing",
    identifier: "id legal_entity_id number corrects_id",
    personal: "reason buyer po_number",
    metadata:
      "kind state month livemode series seq issued_at due_at currency net_cents tax_cents total_cents prepaid_cents due_cents exact_pico threshold_cents seller notes collection paid_cents credited_cents credit_used_cents disputed_cents paid_at pdf_sha256 rendered_at",
  },
  ledger_entries: { class: "billing", identifier: "transaction_id", metadata: "account amount_cents" },
  ledger_transactions: {
    class: "billing",
    identifier: "id key invoice_id payment_id created_by",
    metadata: "kind effective_at",
  },
  master_agreements: {
    class: "billing",
    identifier: "id number created_by",
    personal: "file_name file",
    metadata: "signed_at file_sha256 created_at",
  },
  order_terms: { class: "billing", identifier: "order_id", metadata: "key value" },
  payment_differences: {
    class: "billing",
    identifier: "ref resolved_by",
    metadata: "provider what found_at resolved_at words",
  },
  payment_methods: {
    class: "billing",
    identifier: "id ref",
    personal: "brand last4",
    metadata: "provider type exp_month exp_year is_default frozen_at created_at detached_at",
  },
  payments: {
    class: "billing",
    identifier: "id invoice_id ref method_id",
    secret: "action_url",
    metadata:
      "attempt amount_cents provider livemode kind state error_code advice created_at asked_at asks settled_at refunded_cents charged_back_cents",
  },
  provider_events: {
    class: "billing",
    identifier: "event_id subject",
    metadata: "provider type livemode received_at processed_at error",
  },
  purchase_orders: {
    class: "billing",
    identifier: "id number supersedes_id created_by approved_by agreement_id",
    personal: "note file_name file",
    metadata: "state signed_at starts_at ends_at position file_sha256 created_at activated_at ended_at",
  },
  refunds: {
    class: "billing",
    identifier: "id payment_id credit_note_id ref",
    metadata: "amount_cents state error_code created_at settled_at",
  },
  sandbox_objects: { class: "billing", identifier: "id key", personal: "body", metadata: "kind created_at" },
  spend_months: { class: "billing", identifier: "scope_id", metadata: "month scope settled_pico held_pico tokens" },
  usage_lines: {
    class: "billing",
    identifier: "workspace_id",
    metadata:
      "month model input_micros cached_input_micros output_micros kind unit_micros requests prompt_tokens cached_tokens completion_tokens cost_pico quantity invoiced_quantity invoiced_requests invoiced_prompt_tokens invoiced_cached_tokens invoiced_completion_tokens invoiced_pico",
  },
} as const satisfies Tables;
