import type { Tables } from "#lib/domain/retention/classes/rules.ts";

/** Tunings of models, the models they make, and batches. */
export const tuningTables = {
  tuning_jobs: {
    class: "fine-tuning",
    identifier: "id workspace_id created_by key_id lessee_id tuned_model_id",
    personal: "training_files validation_files",
    secret: "key fingerprint",
    metadata:
      "requested_model model status auto_start suffix trainer_kind hyperparameters seed skip_share extent training_micros minimum_pico quote_pico held_month trained_steps trained_tokens charged_pico waived_pico credit_due_pico waits_for stop_asked_at failure warnings verdict created_at modified_at started_at running_at ended_at",
  },
  tuning_integrations: {
    class: "fine-tuning",
    identifier: "job_id connection_id",
    secret: "sealed_key",
    personal: "project name run_name url path",
    metadata: "position type sent_lines sent_step sending failures next_at closed_at created_at",
  },
  tuning_events: { class: "fine-tuning", identifier: "job_id", metadata: "sequence name data at" },
  tuning_checkpoints: {
    class: "fine-tuning",
    identifier: "job_id blob_id upstream_name",
    metadata: "step sha256 train_loss valid_loss accuracy at",
  },
  tuning_segments: {
    class: "fine-tuning",
    identifier: "job_id event_id",
    metadata: "after_step last_step tokens at",
  },
  tuning_points: {
    class: "fine-tuning",
    identifier: "job_id",
    metadata: "step train_loss valid_loss accuracy learning_rate tokens at",
  },
  tuning_logs: {
    class: "fine-tuning",
    identifier: "job_id",
    content: "sealed_text",
    metadata: "sequence level bytes at",
  },
  tuning_reviews: {
    class: "fine-tuning",
    identifier: "job_id",
    content: "sealed_prompts",
    metadata: "step state is_awaited attempts lease_until figures problem at made_at",
  },
  tuning_claims: {
    class: "fine-tuning",
    identifier: "id job_id trainer_id upstream",
    metadata: "number kind from_step lease_until claimed_at ended_at outcome",
  },
  trainers: {
    class: "settings",
    identifier: "id",
    secret: "token_hash",
    metadata: "name models token_end created_at revoked_at seen_at",
  },
  tuned_models: {
    class: "tuned-models",
    identifier: "id workspace_id owner_id job_id blob_id upstream_model",
    personal: "name description",
    metadata: "visibility step root model kind upstreams state created_at updated_at",
  },
  tuned_model_servers: {
    class: "tuned-models",
    identifier: "adapter model_id workspace_id",
    metadata: "upstream replica state problem changed_at removed_at named_at",
  },
  tuned_model_grants: {
    class: "tuned-models",
    identifier: "model_id subject_id",
    metadata: "subject_kind level created_at",
  },
  model_transfers: {
    class: "tuned-models",
    identifier: "id model_id signed_by executed_by",
    personal: "distributor",
    metadata: "until signed_at revoked_at executed_at",
  },
  storage_days: {
    class: "billing",
    identifier: "model_id workspace_id event_id",
    metadata: "day cost_pico waived_pico",
  },
  batch_jobs: {
    class: "batches",
    identifier: "id workspace_id created_by key_id agent_id input_files output_file_id error_file_id",
    personal: "metadata",
    secret: "key",
    metadata:
      "endpoint model timeout_hours status output_hours total_requests succeeded_requests failed_requests errors prompt_tokens cached_tokens completion_tokens cost_pico failure waits_for wait_told_at next_file next_byte lines_read claim_number lease_until created_at started_at cancel_asked_at expires_at ended_at",
  },
  batch_requests: {
    class: "batches",
    identifier: "job_id request_id",
    secret: "custom_hash",
    content: "sealed_result",
    metadata: "line file first_byte bytes at attempts state",
  },
} as const satisfies Tables;
