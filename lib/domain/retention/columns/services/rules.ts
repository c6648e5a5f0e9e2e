import type { Tables } from "#lib/domain/retention/classes/rules.ts";

/** Services of others that are connected. */
export const serviceTables = {
  connections: {
    class: "settings",
    identifier: "id workspace_id name created_by pending_session",
    personal: "settings",
    secret: "sealed_key sealed_secret pending_state pending_verifier",
    metadata:
      "connector state last4 token_expires_at refresh_at scopes last_ok_at last_used_at failing_since last_error told_at paused_reason gap_from gap_until pending_until created_at ended_at",
  },
  connector_rules: { class: "settings", identifier: "workspace_id set_by", metadata: "connector rule set_at" },
  connector_acknowledgements: {
    class: "evidence",
    identifier: "id user_id",
    metadata: "connector version wording acknowledged_at",
  },
  connection_attempts: {
    class: "webhooks",
    identifier: "connection_id id delivery_id",
    metadata: "kind about at ms status outcome error",
  },
  connection_deliveries: {
    class: "webhooks",
    identifier: "id connection_id event_id replay_of",
    metadata: "state attempts created_at next_at ended_at",
  },
} as const satisfies Tables;
