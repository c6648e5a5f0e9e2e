import type { Tables } from "#lib/domain/retention/classes/rules.ts";

/** The end of agreements and of models, and what the status page says. */
export const contractTables = {
  clause_evidence: {
    class: "audit",
    identifier: "object_id",
    personal: "actor_name",
    metadata: "clause sequence at action object_type",
  },
  terminations: {
    class: "evidence",
    identifier: "id publication_id by second_by",
    personal: "words",
    metadata:
      "agreement_number kind clause noticed_at ends_at attested_keys_at withdrawn_at applied_at drained_at finalized_at counts",
  },
  ending_decisions: {
    class: "evidence",
    identifier: "id proposed_by confirmed_by",
    personal: "words",
    metadata: "agreement_number kind side ends_at proposed_at confirmed_at dropped_at",
  },
  bundles: {
    class: "evidence",
    identifier: "id requested_by",
    secret: "key",
    metadata: "state requested_at ready_at expires_at place bytes files sha256 downloads",
  },
  retention_clocks: {
    class: "evidence",
    identifier: "receipt_id",
    metadata: "agreement_number kind started_at purge_at restored_at purged_at",
  },
  status_samples: { class: "provider", identifier: "component", metadata: "at state ms" },
  status_beats: { class: "provider", metadata: "at" },
  status_days: {
    class: "provider",
    identifier: "component",
    metadata: "day up_ms degraded_ms down_ms excluded_ms unknown_ms",
  },
  incidents: {
    class: "provider",
    identifier: "id created_by",
    metadata: "title impact components started_at resolved_at created_at",
  },
  incident_updates: { class: "provider", identifier: "incident_id by", metadata: "number state words at" },
  status_tellings: {
    class: "provider",
    identifier: "about_id subscribers_to organizations_to",
    metadata: "number at done_at",
  },
  subprocessors: {
    class: "provider",
    identifier: "id added_by",
    metadata: "name purpose location data url added_at announced_at planned_at removed_at",
  },
  maintenances: {
    class: "provider",
    identifier: "id created_by",
    metadata: "title words components starts_at ends_at told_at cancelled_at created_at",
  },
  model_trials: {
    class: "evidence",
    identifier: "id workspace_id model_id created_by",
    metadata: "replacement better same worse cost_pico replacement_cost_pico ms replacement_ms created_at",
  },
  alias_moves: {
    class: "provider",
    identifier: "id model_id by",
    metadata: "alias before announced_at from_at days",
  },
  model_changes: {
    class: "provider",
    identifier: "id model_id by second_by",
    metadata: "announced_at retires_at replacement reason retired_at uses_rolled_at",
  },
  model_proposals: {
    class: "provider",
    identifier: "id model_id by",
    metadata: "retires_at replacement reason created_at",
  },
} as const satisfies Tables;
