import type { Tables } from "#lib/domain/retention/classes/rules.ts";

/** What customers make and ask with, and what is written down of it. */
export const activityTables = {
  abuse_figures: {
    class: "monitoring",
    identifier: "workspace_id",
    metadata: "day requests end_users networks answers stops",
  },
  abuse_flags: {
    class: "monitoring",
    identifier: "id item_id workspace_id request_id rule_id model ticket_id",
    metadata: "at source category score measure day value usual",
  },
  abuse_items: {
    class: "monitoring",
    identifier: "id workspace_id ticket_id request_ids gagged_by decided_by suspension_id",
    metadata: "source category state flags created_at flagged_at ends_at gag_until gag_order clause decided_at",
  },
  abuse_openings: {
    class: "monitoring",
    identifier: "id item_id opened_by request_ids",
    personal: "opened_name",
    metadata: "reason clause opened_at ends_at disclose_at disclosed_at",
  },
  abuse_scans: {
    class: "monitoring",
    identifier: "workspace_id last_id",
    metadata: "hour seen counted ended is_second",
  },
  abuse_months: {
    class: "audit",
    identifier: "models",
    metadata: "month rule_scanned model_scanned flags items opened dismissed warned restricted suspended legal expired",
  },
  contents: {
    class: "content-log",
    identifier: "id workspace_id request_ids",
    content: "sealed",
    metadata: "hour training_eligible",
  },
  content_sums: { class: "content-log", identifier: "workspace_id", metadata: "hour requests bytes" },
  scope_keys: { class: "content-log", identifier: "workspace_id id ring", secret: "wrapped", metadata: "created_at" },
  conversation_entries: {
    class: "conversations",
    identifier: "conversation_id id agent_id request_id",
    content: "sealed",
    metadata: "position type agent_version model prompt_tokens completion_tokens cost_pico created_at completed_at",
  },
  conversations: {
    class: "conversations",
    identifier: "id workspace_id owner_id model agent_id parent_id parent_entry_id",
    content: "about setup unsealed",
    secret: "key",
    metadata: "agent_version created_at updated_at",
  },
  responses: {
    class: "conversations",
    identifier: "id conversation_id previous_id",
    content: "sealed",
    metadata: "created_at",
  },
  agent_aliases: { class: "agents", identifier: "agent_id", metadata: "alias version created_at updated_at" },
  agent_grants: { class: "agents", identifier: "agent_id subject_id", metadata: "subject_kind level created_at" },
  agent_versions: {
    class: "agents",
    identifier: "agent_id created_by",
    content: "sealed unsealed message",
    metadata: "version created_at attested_at",
  },
  agents: {
    class: "agents",
    identifier: "id workspace_id owner_id name handle skeleton draft_by",
    content: "sealed_draft unsealed",
    secret: "key",
    metadata: "color visibility source deployment_chat version created_at updated_at",
  },
  agent_receipts: {
    class: "deleted-agents",
    identifier: "id workspace_id agent_id name handle owner_id",
    personal: "deleted_by",
    metadata: "visibility removed deleted_at",
  },
  usage_events: {
    class: "request-log",
    identifier: "id workspace_id key_id user_id agent_id",
    personal: "end_user address",
    metadata:
      "at endpoint requested_model model streamed prompt_tokens cached_tokens completion_tokens input_micros cached_input_micros output_micros cost_pico waived_pico held_pico clamped_tokens limit_scope limit_left_pico requests_left tokens_left first_byte_ms latency_ms status outcome reason agent clause training_eligible agent_version estimated",
  },
  usage_journal: { class: "request-log", identifier: "lessee_id", personal: "events", metadata: "seq problem" },
  usage_sums: {
    class: "request-log",
    identifier: "workspace_id",
    personal: "value",
    metadata: "dimension grain start requests failed prompt_tokens cached_tokens completion_tokens cost_pico",
  },
  webhook_attempts: {
    class: "webhooks",
    identifier: "delivery_id",
    personal: "answer",
    metadata: "number at ms status error",
  },
  webhook_deliveries: {
    class: "webhooks",
    identifier: "id endpoint_id event_id replay_of",
    metadata: "state attempts created_at next_at ended_at",
  },
  webhook_events: { class: "webhooks", identifier: "id workspace_id data", metadata: "type at" },
  agent_reports: {
    class: "requests-to-us",
    identifier: "id workspace_id agent_id name handle reported_by decided_by",
    personal: "details answer",
    metadata: "reason reported_at decision decided_at",
  },
  dispute_files: {
    class: "requests-to-us",
    identifier: "id dispute_id message_id",
    personal: "name",
    metadata: "kind size sha256",
  },
  dispute_lines: { class: "requests-to-us", identifier: "dispute_id", metadata: "line amount_cents" },
  dispute_messages: {
    class: "requests-to-us",
    identifier: "id dispute_id",
    personal: "author_name body",
    metadata: "from at",
  },
  disputes: {
    class: "requests-to-us",
    identifier: "id invoice_id opened_by credit_note_id decided_by",
    personal: "reason answer",
    metadata: "state wants opened_at amount_cents credited_cents decided_at",
  },
  zero_retention_requests: {
    class: "requests-to-us",
    identifier: "id workspace_id user_id claimed_by first_approver approver decided_by",
    personal: "words decided_reason",
    metadata:
      "scope reason data_classes keep_classes attested_at state created_at asked_at waited_ms approvers_needed decided_at active_at evidence stuck_on alarmed_at broken_at verified_at ends_at ended_at end_reason",
  },
  zero_retention_steps: {
    class: "requests-to-us",
    identifier: "request_id",
    metadata: "step attempt started_at ended_at outcome facts",
  },
  rate_requests: {
    class: "requests-to-us",
    identifier: "id workspace_id user_id decided_by",
    personal: "use_case answer",
    metadata: "model requests_per_second tokens_per_minute tokens_per_month state decided_at created_at",
  },
  tickets: {
    class: "tickets",
    identifier: "id workspace_id requester_id claimed_by follows_id record_id",
    personal: "subject details claimed_name",
    secret: "key",
    metadata:
      "number kind state created_at changed_at first_due_at first_answered_at next_due_at legal_due_at claimed_until snoozed_until reopened resolved_at closed_at",
  },
  ticket_files: {
    class: "tickets",
    identifier: "id ticket_id message_id uploaded_by",
    personal: "name",
    secret: "key",
    metadata: "kind size sha256 uploaded_at",
  },
  ticket_messages: {
    class: "tickets",
    identifier: "id ticket_id author_id",
    personal: "author_name body",
    metadata: "from event at",
  },
  ticket_notes: {
    class: "tickets",
    identifier: "id ticket_id author_id",
    personal: "author_name body",
    metadata: "at",
  },
  ticket_people: { class: "tickets", identifier: "ticket_id user_id added_by", metadata: "added_at" },
  ticket_ratings: { class: "tickets", identifier: "ticket_id user_id", personal: "words", metadata: "is_good at" },
  ticket_watchers: { class: "tickets", identifier: "ticket_id staff_id", personal: "name", metadata: "at" },
  ticket_words: { class: "tickets", identifier: "ticket_id", secret: "word" },
} as const satisfies Tables;
