/** A file of rows: which columns of which tables, by name, so that no secret is ever in one. `place` orders them. */
export type Listed = { place: string; columns: string; from: string; owner?: string; where?: string };

/** What organizations take with them, beside what has a file for each thing. Amounts are texts: a number would lose digits. */
export const listed: Record<string, Listed> = {
  organization: {
    place: "id",
    columns:
      "id, name, plan, customer_type, status, registration_email, created_at, first_use_at, web_origins, end_users",
    from: "organizations",
    owner: "id",
  },
  "agreement/agreements": {
    place: "lpad(number::text, 9, '0')",
    columns: "number, starts_at, ends_at, ended_at, cause",
    from: "agreements",
  },
  "agreement/terminations": {
    place: "id",
    columns:
      "id, agreement_number, kind, clause, noticed_at, ends_at, words, withdrawn_at, applied_at, finalized_at, counts",
    from: "terminations",
  },
  "agreement/acceptances": {
    place: "acceptances.id",
    columns:
      "acceptances.id, kind, acceptances.version, acceptances.sha256, method, user_id, key_id, order_id, accepted_at, address, agent",
    from: "acceptances join documents on documents.id = document_id",
  },
  "agreement/notices": {
    place: "id",
    columns: "id, about, about_id, clause, planned_at, posted_at, noticed_at, effective_at, served_words, served_at",
    from: "legal_notices",
  },
  "agreement/deadlines": {
    place: "id",
    columns: "id, clock, clause, subject_kind, subject_id, owner, opened_at, due_at, met_at, cancelled_at",
    from: "deadlines",
  },
  "agreement/receipts": {
    place: "id",
    columns: "id, at, signed, hash, key_id, signature",
    from: "deletion_receipts",
  },
  "people/members": {
    place: "user_id",
    columns: "user_id, email, name, roles, members.created_at",
    from: "members join users on users.id = user_id",
  },
  "workspaces/workspaces": {
    place: "id",
    columns: "id, name, is_default, created_at, archived_at, zero_retention_since",
    from: "workspaces",
  },
  "workspaces/keys": {
    place: "id",
    columns:
      "id, workspace_id, owner_id, purpose, name, first4, last4, scopes, models, addresses, browser, created_at, expires_at, revoked_at, revoked_reason, last_used_at",
    from: "keys",
  },
  "workspaces/admin-keys": {
    place: "id",
    columns: "id, name, access, first4, last4, created_by, created_at, expires_at, revoked_at, last_used_at",
    from: "admin_keys",
  },
  "workspaces/limits": {
    place: "concat_ws('/', scope, scope_id, period)",
    columns: "scope, scope_id, period, limit_pico::text, updated_at, updated_by",
    from: "spend_limits",
  },
  "letters/letters": {
    place: "id",
    columns: "id, kind, clause, recipient, subject, text, state, created_at, sent_at, bounced_at",
    from: "letters",
    // Letters of these nouns carry no link that opens anything.
    where: "kind ~ '^(terms|models|contract|maintenance|subprocessors|retention|orders|abuse|holds)[.]'",
  },
  "invoices/invoices": {
    place: "id",
    columns:
      "id, number, kind, month, issued_at, due_at, currency, net_cents::text, tax_cents::text, total_cents::text, pdf_sha256",
    from: "invoices",
  },
  "agents/agents": {
    place: "id",
    columns: "id, workspace_id, owner_id, name, handle, visibility, version, created_at, updated_at",
    from: "agents",
  },
};

/** What is told of each request, as it was billed. */
export const usageColumns =
  "id, at, workspace_id, key_id, user_id, end_user, endpoint, requested_model, model, streamed, prompt_tokens, cached_tokens, completion_tokens, input_micros, cached_input_micros, output_micros, cost_pico::text, waived_pico::text, outcome, status, reason, latency_ms, agent_id, agent_version, kind, job_id, quantity, fee_pico::text";
