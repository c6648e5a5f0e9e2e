-- Every table as of the first release, in the order of db/schema. The functions, triggers and policies on them stand in
-- db/functions, which is applied after the migrations. Two things the generator has no words for are written by hand:
-- the partitions of usage_events, and the settings that stand below a few tables.

-- People, and how they sign in.

CREATE TABLE users (
  id text PRIMARY KEY,
  email text NOT NULL,
  name text NOT NULL,
  password_hash text,
  email_verified_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL
);
CREATE UNIQUE INDEX users_email_key ON users (lower(email));

CREATE TABLE identities (
  issuer text,
  subject text,
  user_id text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT identities_pkey PRIMARY KEY (issuer, subject),
  CONSTRAINT identities_user_id_users_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE sessions (
  id text PRIMARY KEY,
  user_id text NOT NULL,
  address text NOT NULL,
  agent text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  seen_at timestamp with time zone NOT NULL,
  proven_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  revoked_at timestamp with time zone,
  CONSTRAINT sessions_user_id_users_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE tokens (
  id text PRIMARY KEY,
  user_id text NOT NULL,
  purpose text NOT NULL,
  hash text NOT NULL UNIQUE,
  password_hash text,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  used_at timestamp with time zone,
  CONSTRAINT tokens_user_id_users_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX tokens_user ON tokens (user_id, purpose);

CREATE TABLE attempts (
  subject text PRIMARY KEY,
  count integer NOT NULL,
  window_started_at timestamp with time zone NOT NULL
);

CREATE TABLE staff (
  user_id text PRIMARY KEY,
  roles text[] NOT NULL,
  active boolean DEFAULT true NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT staff_user_id_users_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

-- Second factors and devices.

CREATE TABLE authenticators (
  id text PRIMARY KEY,
  user_id text NOT NULL,
  name text NOT NULL,
  secret bytea NOT NULL,
  last_step bigint NOT NULL,
  created_at timestamp with time zone NOT NULL,
  used_at timestamp with time zone,
  CONSTRAINT authenticators_user_id_users_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX authenticators_user ON authenticators (user_id);

CREATE TABLE passkeys (
  id text PRIMARY KEY,
  user_id text NOT NULL,
  name text NOT NULL,
  credential_id text NOT NULL UNIQUE,
  public_key bytea NOT NULL,
  counter bigint NOT NULL,
  transports text[] NOT NULL,
  is_synced boolean NOT NULL,
  created_at timestamp with time zone NOT NULL,
  used_at timestamp with time zone,
  CONSTRAINT passkeys_user_id_users_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX passkeys_user ON passkeys (user_id);

CREATE TABLE recovery_codes (
  user_id text,
  hash text,
  created_at timestamp with time zone NOT NULL,
  used_at timestamp with time zone,
  CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, hash),
  CONSTRAINT recovery_codes_user_id_users_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE pending_sign_ins (
  hash text PRIMARY KEY,
  user_id text NOT NULL,
  next text NOT NULL,
  tries integer DEFAULT 0 NOT NULL,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT pending_sign_ins_user_id_users_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX pending_sign_ins_user ON pending_sign_ins (user_id);

CREATE TABLE challenges (
  holder text PRIMARY KEY,
  challenge text NOT NULL,
  expires_at timestamp with time zone NOT NULL
);

CREATE TABLE devices (
  user_id text,
  device_id text,
  first_seen_at timestamp with time zone NOT NULL,
  seen_at timestamp with time zone NOT NULL,
  CONSTRAINT devices_pkey PRIMARY KEY (user_id, device_id),
  CONSTRAINT devices_user_id_users_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

-- Organizations, their workspaces, and who is in them.

CREATE TABLE organizations (
  id text PRIMARY KEY,
  name text NOT NULL,
  plan text NOT NULL,
  customer_type text DEFAULT 'business' NOT NULL,
  status text DEFAULT 'active' NOT NULL,
  status_reason text,
  status_clause text,
  registration_email text NOT NULL,
  created_by text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  first_use_at timestamp with time zone,
  zero_retention_since timestamp with time zone,
  CONSTRAINT organizations_created_by_users_id_fkey FOREIGN KEY (created_by) REFERENCES users (id)
);

CREATE TABLE workspaces (
  organization_id text,
  id text,
  name text NOT NULL,
  is_default boolean DEFAULT false NOT NULL,
  agent_visibility text DEFAULT 'workspace' NOT NULL,
  created_at timestamp with time zone NOT NULL,
  archived_at timestamp with time zone,
  CONSTRAINT workspaces_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT workspaces_organization_id_organizations_id_fkey
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX workspaces_default_key ON workspaces (organization_id) WHERE is_default;

CREATE TABLE members (
  organization_id text,
  user_id text,
  roles text[] NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT members_pkey PRIMARY KEY (organization_id, user_id),
  CONSTRAINT members_organization_id_organizations_id_fkey
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
  CONSTRAINT members_user_id_users_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX members_user ON members (user_id);

CREATE TABLE workspace_members (
  organization_id text,
  workspace_id text,
  user_id text,
  roles text[] NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT workspace_members_pkey PRIMARY KEY (organization_id, workspace_id, user_id),
  CONSTRAINT "workspace_members_vcC8T8SysBVI_fkey"
    FOREIGN KEY (organization_id, workspace_id) REFERENCES workspaces (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT "workspace_members_XlkcgoZVJDlj_fkey"
    FOREIGN KEY (organization_id, user_id) REFERENCES members (organization_id, user_id) ON DELETE CASCADE
);

CREATE TABLE groups (
  organization_id text,
  id text,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT groups_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT groups_organization_id_organizations_id_fkey
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX groups_name_key ON groups (organization_id, lower(name));

CREATE TABLE group_members (
  organization_id text,
  group_id text,
  user_id text,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT group_members_pkey PRIMARY KEY (organization_id, user_id, group_id),
  CONSTRAINT "group_members_7m0mu6885twA_fkey"
    FOREIGN KEY (organization_id, group_id) REFERENCES groups (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT "group_members_NpWwQPn94K4H_fkey"
    FOREIGN KEY (organization_id, user_id) REFERENCES members (organization_id, user_id) ON DELETE CASCADE
);
CREATE INDEX group_members_group ON group_members (organization_id, group_id);

CREATE TABLE group_roles (
  organization_id text,
  group_id text,
  workspace_id text,
  roles text[] NOT NULL,
  CONSTRAINT group_roles_pkey PRIMARY KEY (organization_id, group_id, workspace_id),
  CONSTRAINT "group_roles_YK6NpzsF1KGG_fkey"
    FOREIGN KEY (organization_id, group_id) REFERENCES groups (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT "group_roles_RbZwcrb0F7zk_fkey"
    FOREIGN KEY (organization_id, workspace_id) REFERENCES workspaces (organization_id, id) ON DELETE CASCADE
);

CREATE TABLE invitations (
  organization_id text,
  id text,
  email text NOT NULL,
  roles text[] NOT NULL,
  grants jsonb NOT NULL,
  hash text NOT NULL,
  invited_by text,
  created_at timestamp with time zone NOT NULL,
  sent_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  accepted_at timestamp with time zone,
  accepted_by text,
  revoked_at timestamp with time zone,
  CONSTRAINT invitations_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT invitations_organization_id_organizations_id_fkey
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
  CONSTRAINT invitations_invited_by_users_id_fkey FOREIGN KEY (invited_by) REFERENCES users (id),
  CONSTRAINT invitations_accepted_by_users_id_fkey FOREIGN KEY (accepted_by) REFERENCES users (id)
);
CREATE UNIQUE INDEX invitations_hash_key ON invitations (hash);
CREATE UNIQUE INDEX invitations_open_key ON invitations (organization_id, lower(email))
  WHERE accepted_at is null and revoked_at is null;

-- Rules of signing in, and proven domains.

CREATE TABLE sign_in_rules (
  organization_id text PRIMARY KEY,
  requires_second_factor boolean NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  updated_by text NOT NULL,
  CONSTRAINT sign_in_rules_organization_id_organizations_id_fkey
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);

CREATE TABLE domains (
  organization_id text,
  id text,
  name text NOT NULL,
  proof text NOT NULL,
  joining text DEFAULT 'off' NOT NULL,
  role text DEFAULT 'user' NOT NULL,
  created_at timestamp with time zone NOT NULL,
  verified_at timestamp with time zone,
  verified_by text,
  CONSTRAINT domains_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT domains_organization_id_organizations_id_fkey
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX domains_name_key ON domains (organization_id, name);
CREATE UNIQUE INDEX domains_verified_key ON domains (name) WHERE verified_at is not null;

-- Keys.

CREATE TABLE keys (
  organization_id text,
  id text,
  workspace_id text NOT NULL,
  owner_id text NOT NULL,
  purpose text DEFAULT 'api' NOT NULL,
  name text NOT NULL,
  hash text NOT NULL CONSTRAINT keys_hash_key UNIQUE,
  first4 text NOT NULL,
  last4 text NOT NULL,
  scopes text[] NOT NULL,
  models text[],
  addresses text[],
  created_at timestamp with time zone NOT NULL,
  lifetime_days integer,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  revoked_reason text,
  successor_id text,
  last_used_at timestamp with time zone,
  last_used_address text,
  last_used_agent text,
  CONSTRAINT keys_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT keys_owner_id_users_id_fkey FOREIGN KEY (owner_id) REFERENCES users (id),
  CONSTRAINT "keys_AR0SFGVZMuI9_fkey"
    FOREIGN KEY (organization_id, workspace_id) REFERENCES workspaces (organization_id, id)
);
CREATE UNIQUE INDEX keys_playground_key ON keys (organization_id, workspace_id, owner_id) WHERE purpose = 'playground';
CREATE INDEX keys_workspace ON keys (organization_id, workspace_id, id);

CREATE TABLE admin_keys (
  organization_id text,
  id text,
  name text NOT NULL,
  access text NOT NULL,
  hash text NOT NULL CONSTRAINT admin_keys_hash_key UNIQUE,
  first4 text NOT NULL,
  last4 text NOT NULL,
  created_by text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  last_used_at timestamp with time zone,
  CONSTRAINT admin_keys_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT admin_keys_organization_id_organizations_id_fkey
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
  CONSTRAINT admin_keys_created_by_users_id_fkey FOREIGN KEY (created_by) REFERENCES users (id)
);

-- Models and what they cost.

CREATE TABLE models (
  id text PRIMARY KEY,
  name text NOT NULL,
  description text NOT NULL,
  owned_by text NOT NULL,
  upstream text NOT NULL,
  upstream_model text NOT NULL,
  capabilities jsonb NOT NULL,
  max_context_length integer NOT NULL,
  default_temperature real,
  available boolean DEFAULT true NOT NULL,
  created_at timestamp with time zone NOT NULL,
  deprecated_at timestamp with time zone,
  retires_at timestamp with time zone,
  replacement text
);

CREATE TABLE model_aliases (
  alias text PRIMARY KEY,
  model_id text NOT NULL,
  CONSTRAINT model_aliases_model_id_models_id_fkey FOREIGN KEY (model_id) REFERENCES models (id) ON DELETE CASCADE
);

CREATE TABLE prices (
  model_id text,
  valid_from timestamp with time zone,
  input_micros bigint NOT NULL,
  cached_input_micros bigint NOT NULL,
  output_micros bigint NOT NULL,
  CONSTRAINT prices_pkey PRIMARY KEY (model_id, valid_from),
  CONSTRAINT prices_model_id_models_id_fkey FOREIGN KEY (model_id) REFERENCES models (id) ON DELETE CASCADE
);

-- Usage, what it sums to, and content.

-- Partitioned by month; ensure_usage_partition makes the partitions.
CREATE TABLE usage_events (
  organization_id text,
  id text,
  at timestamp with time zone,
  workspace_id text,
  key_id text NOT NULL,
  user_id text NOT NULL,
  end_user text,
  endpoint text NOT NULL,
  requested_model text NOT NULL,
  model text NOT NULL,
  streamed boolean NOT NULL,
  prompt_tokens integer NOT NULL,
  cached_tokens integer NOT NULL,
  completion_tokens integer NOT NULL,
  input_micros bigint NOT NULL,
  cached_input_micros bigint NOT NULL,
  output_micros bigint NOT NULL,
  cost_pico numeric(38,0) NOT NULL,
  waived_pico numeric(38,0) DEFAULT '0' NOT NULL,
  held_pico numeric(38,0) DEFAULT '0' NOT NULL,
  clamped_tokens integer,
  limit_scope text,
  limit_left_pico numeric(38,0),
  requests_left bigint,
  tokens_left bigint,
  first_byte_ms integer,
  latency_ms integer NOT NULL,
  status integer NOT NULL,
  outcome text NOT NULL,
  reason text,
  address text NOT NULL,
  agent text NOT NULL,
  clause text NOT NULL,
  training_eligible boolean NOT NULL,
  agent_id text,
  agent_version integer,
  CONSTRAINT usage_events_pkey PRIMARY KEY (organization_id, workspace_id, id, at)
) PARTITION BY RANGE (at);
CREATE INDEX usage_events_key ON usage_events (organization_id, key_id, id);

CREATE TABLE usage_sums (
  organization_id text,
  dimension text,
  grain text,
  start timestamp with time zone,
  workspace_id text,
  value text,
  requests bigint NOT NULL,
  failed bigint NOT NULL,
  prompt_tokens bigint NOT NULL,
  cached_tokens bigint NOT NULL,
  completion_tokens bigint NOT NULL,
  cost_pico numeric(38,0) NOT NULL,
  CONSTRAINT usage_sums_pkey PRIMARY KEY (organization_id, dimension, grain, start, workspace_id, value)
);
-- Rows that are updated all the time keep room for their next version beside them.
ALTER TABLE usage_sums SET (fillfactor = 70);

CREATE TABLE spend_months (
  organization_id text,
  month date,
  scope text,
  scope_id text,
  settled_pico numeric(38,0) DEFAULT '0' NOT NULL,
  held_pico numeric(38,0) DEFAULT '0' NOT NULL,
  tokens bigint DEFAULT 0 NOT NULL,
  CONSTRAINT spend_months_pkey PRIMARY KEY (organization_id, scope, scope_id, month),
  CONSTRAINT spend_months_not_negative CHECK (settled_pico >= 0 and held_pico >= 0)
);
ALTER TABLE spend_months SET (fillfactor = 50);
-- What the function `meter_events` hands from its sums to the leases.
CREATE TYPE scope_cost AS (organization_id text, scope text, scope_id text, month date, pico numeric);

CREATE TABLE contents (
  organization_id text,
  id text,
  workspace_id text NOT NULL,
  request_ids text[] NOT NULL,
  first_at timestamp with time zone NOT NULL,
  purge_at timestamp with time zone NOT NULL,
  training_eligible boolean NOT NULL,
  sealed bytea NOT NULL,
  CONSTRAINT contents_pkey PRIMARY KEY (organization_id, id)
);
CREATE INDEX contents_purge ON contents (purge_at);
-- Sealed bytes cannot be packed any further.
ALTER TABLE contents ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- Spend limits, and what processes hold against them.

CREATE TABLE spend_limits (
  organization_id text,
  scope text,
  scope_id text,
  period text,
  limit_pico numeric(38,0) NOT NULL,
  alert_percents integer[] NOT NULL,
  standing_pico numeric(38,0) NOT NULL,
  standing_month date NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  updated_by text NOT NULL,
  CONSTRAINT spend_limits_pkey PRIMARY KEY (organization_id, scope, scope_id, period),
  CONSTRAINT spend_limits_not_negative CHECK (limit_pico >= 0),
  CONSTRAINT spend_limits_period CHECK (period = 'month' or scope = 'key'),
  CONSTRAINT spend_limits_organization_id_organizations_id_fkey
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);

CREATE TABLE spend_alerts (
  organization_id text,
  scope text,
  scope_id text,
  period text,
  month date,
  percent integer,
  at timestamp with time zone NOT NULL,
  CONSTRAINT spend_alerts_pkey PRIMARY KEY (organization_id, scope, scope_id, period, month, percent)
);

CREATE TABLE lessees (
  id text PRIMARY KEY,
  expires_at timestamp with time zone NOT NULL
);

CREATE TABLE leases (
  organization_id text,
  month date,
  scope text,
  scope_id text,
  lessee_id text,
  held_pico numeric(38,0) NOT NULL,
  CONSTRAINT leases_pkey PRIMARY KEY (organization_id, scope, scope_id, month, lessee_id),
  CONSTRAINT leases_not_negative CHECK (held_pico >= 0),
  CONSTRAINT leases_lessee_id_lessees_id_fkey FOREIGN KEY (lessee_id) REFERENCES lessees (id)
);
CREATE INDEX leases_lessee ON leases (lessee_id);
ALTER TABLE leases SET (fillfactor = 50);

CREATE TABLE usage_journal (
  lessee_id text,
  seq bigint,
  events text NOT NULL,
  problem text,
  CONSTRAINT usage_journal_pkey PRIMARY KEY (lessee_id, seq),
  CONSTRAINT usage_journal_lessee_id_lessees_id_fkey FOREIGN KEY (lessee_id) REFERENCES lessees (id)
);
-- Rows come and go by the thousand a second: text that is read once is not worth packing, and room is used again soon.
ALTER TABLE usage_journal ALTER COLUMN events SET STORAGE EXTERNAL;
ALTER TABLE usage_journal SET (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 5000, toast.autovacuum_vacuum_cost_delay = 0
);

-- Rate limits.

CREATE TABLE rate_overrides (
  organization_id text,
  id text,
  workspace_id text,
  model text,
  requests_per_second double precision,
  tokens_per_minute bigint,
  tokens_per_month bigint,
  source text NOT NULL,
  reference text,
  reason text NOT NULL,
  expires_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  created_by text NOT NULL,
  ended_at timestamp with time zone,
  ended_by text,
  CONSTRAINT rate_overrides_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT rate_overrides_positive CHECK (
    requests_per_second > 0 is not false and tokens_per_minute > 0 is not false and tokens_per_month > 0 is not false
  ),
  CONSTRAINT rate_overrides_organization_id_organizations_id_fkey
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
  CONSTRAINT "rate_overrides_fQhkEVY5RQbl_fkey"
    FOREIGN KEY (organization_id, workspace_id) REFERENCES workspaces (organization_id, id) ON DELETE CASCADE
);

CREATE TABLE rate_requests (
  organization_id text,
  id text,
  workspace_id text NOT NULL,
  user_id text NOT NULL,
  model text,
  requests_per_second double precision,
  tokens_per_minute bigint,
  tokens_per_month bigint,
  use_case text NOT NULL,
  state text NOT NULL,
  answer text,
  decided_by text,
  decided_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT rate_requests_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT rate_requests_organization_id_organizations_id_fkey
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
  CONSTRAINT rate_requests_user_id_users_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX rate_requests_open ON rate_requests (created_at) WHERE state = 'submitted';

CREATE TABLE rate_buckets (
  organization_id text,
  name text,
  level double precision NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT rate_buckets_pkey PRIMARY KEY (organization_id, name)
);
ALTER TABLE rate_buckets SET (fillfactor = 50);

-- Agents.

CREATE TABLE agents (
  organization_id text,
  id text,
  workspace_id text NOT NULL,
  owner_id text NOT NULL,
  name text NOT NULL,
  handle text NOT NULL,
  skeleton text NOT NULL,
  color text NOT NULL,
  visibility text NOT NULL,
  source text NOT NULL,
  deployment_chat boolean DEFAULT true NOT NULL,
  version integer,
  draft json,
  draft_by text,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT agents_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT agents_answerable CHECK (version is not null or draft is not null),
  CONSTRAINT agents_owner_id_users_id_fkey FOREIGN KEY (owner_id) REFERENCES users (id),
  CONSTRAINT agents_draft_by_users_id_fkey FOREIGN KEY (draft_by) REFERENCES users (id),
  CONSTRAINT "agents_LSX0WfC5zujB_fkey"
    FOREIGN KEY (organization_id, workspace_id) REFERENCES workspaces (organization_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX agents_skeleton_key ON agents (organization_id, workspace_id, skeleton);
CREATE INDEX agents_owner ON agents (organization_id, owner_id);

CREATE TABLE agent_versions (
  organization_id text,
  agent_id text,
  version integer,
  content json NOT NULL,
  message text,
  created_by text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  attested_at timestamp with time zone,
  CONSTRAINT agent_versions_pkey PRIMARY KEY (organization_id, agent_id, version),
  CONSTRAINT agent_versions_created_by_users_id_fkey FOREIGN KEY (created_by) REFERENCES users (id),
  CONSTRAINT "agent_versions_CeM3DBCFicHW_fkey"
    FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id) ON DELETE CASCADE
);

CREATE TABLE agent_aliases (
  organization_id text,
  agent_id text,
  alias text,
  version integer NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT agent_aliases_pkey PRIMARY KEY (organization_id, agent_id, alias),
  CONSTRAINT "agent_aliases_sJ2s0awFz63g_fkey"
    FOREIGN KEY (organization_id, agent_id, version) REFERENCES agent_versions (organization_id, agent_id, version)
    ON DELETE CASCADE
);

CREATE TABLE agent_grants (
  organization_id text,
  agent_id text,
  subject_kind text NOT NULL,
  subject_id text,
  level text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT agent_grants_pkey PRIMARY KEY (organization_id, agent_id, subject_id),
  CONSTRAINT "agent_grants_4NFXpEliUV2K_fkey"
    FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX agent_grants_subject ON agent_grants (organization_id, subject_id);

CREATE TABLE agent_receipts (
  organization_id text,
  id text,
  workspace_id text NOT NULL,
  agent_id text NOT NULL,
  name text NOT NULL,
  handle text NOT NULL,
  owner_id text NOT NULL,
  visibility text NOT NULL,
  removed jsonb NOT NULL,
  deleted_by text NOT NULL,
  deleted_at timestamp with time zone NOT NULL,
  CONSTRAINT agent_receipts_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT "agent_receipts_zAyucZuMriHk_fkey"
    FOREIGN KEY (organization_id, workspace_id) REFERENCES workspaces (organization_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX agent_receipts_agent_key ON agent_receipts (organization_id, agent_id);

CREATE TABLE agent_reports (
  organization_id text,
  id text,
  workspace_id text NOT NULL,
  agent_id text NOT NULL,
  name text NOT NULL,
  handle text NOT NULL,
  reason text NOT NULL,
  details text NOT NULL,
  reported_by text NOT NULL,
  reported_at timestamp with time zone NOT NULL,
  decision text,
  answer text,
  decided_by text,
  decided_at timestamp with time zone,
  CONSTRAINT agent_reports_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT agent_reports_reported_by_users_id_fkey FOREIGN KEY (reported_by) REFERENCES users (id),
  CONSTRAINT agent_reports_decided_by_users_id_fkey FOREIGN KEY (decided_by) REFERENCES users (id),
  CONSTRAINT "agent_reports_3187a1VAm8d8_fkey"
    FOREIGN KEY (organization_id, workspace_id) REFERENCES workspaces (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX agent_reports_open ON agent_reports (reported_at) WHERE decided_at is null;

-- Conversations.

CREATE TABLE conversations (
  organization_id text,
  id text,
  workspace_id text NOT NULL,
  owner_id text NOT NULL,
  name text,
  description text,
  metadata jsonb,
  model text,
  settings json,
  agent_id text,
  agent_version text,
  parent_id text,
  parent_entry_id text,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT conversations_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT conversations_partner CHECK ((model is null) <> (agent_id is null)),
  CONSTRAINT "conversations_1WdCWGqUctFh_fkey"
    FOREIGN KEY (organization_id, workspace_id) REFERENCES workspaces (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX conversations_owner ON conversations (organization_id, workspace_id, owner_id, updated_at);

CREATE TABLE conversation_entries (
  organization_id text,
  conversation_id text,
  position integer,
  id text NOT NULL,
  type text NOT NULL,
  sealed bytea NOT NULL,
  agent_id text,
  agent_version integer,
  model text,
  request_id text,
  prompt_tokens integer,
  completion_tokens integer,
  cost_pico numeric(38,0),
  created_at timestamp with time zone NOT NULL,
  completed_at timestamp with time zone,
  CONSTRAINT conversation_entries_pkey PRIMARY KEY (organization_id, conversation_id, position),
  CONSTRAINT "conversation_entries_0rP8dWcMtw1X_fkey"
    FOREIGN KEY (organization_id, conversation_id) REFERENCES conversations (organization_id, id) ON DELETE CASCADE
);
-- Sealed bytes cannot be packed any further.
ALTER TABLE conversation_entries ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- The outbox and the inbox.

CREATE TABLE letters (
  id text PRIMARY KEY,
  organization_id text,
  user_id text,
  kind text NOT NULL,
  recipient text NOT NULL,
  subject text NOT NULL,
  text text NOT NULL,
  html text NOT NULL,
  clause text,
  state text NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  error text,
  message_id text,
  answer text,
  created_at timestamp with time zone NOT NULL,
  sent_at timestamp with time zone,
  bounced_at timestamp with time zone,
  opened_at timestamp with time zone,
  settled_at timestamp with time zone,
  CONSTRAINT letters_user_id_users_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX letters_recipient ON letters (recipient, id);
CREATE INDEX letters_state ON letters (state);
CREATE INDEX letters_inbox ON letters (user_id, id) WHERE user_id is not null;

CREATE TABLE letter_attempts (
  letter_id text,
  number integer,
  at timestamp with time zone NOT NULL,
  ms integer NOT NULL,
  outcome text NOT NULL,
  answer text NOT NULL,
  CONSTRAINT letter_attempts_pkey PRIMARY KEY (letter_id, number),
  CONSTRAINT letter_attempts_letter_id_letters_id_fkey
    FOREIGN KEY (letter_id) REFERENCES letters (id) ON DELETE CASCADE
);

CREATE TABLE muted_notices (
  user_id text,
  kind text,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT muted_notices_pkey PRIMARY KEY (user_id, kind),
  CONSTRAINT muted_notices_user_id_users_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE contact_changes (
  organization_id text,
  id text,
  email text NOT NULL,
  hash text NOT NULL,
  requested_by text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  confirmed_at timestamp with time zone,
  withdrawn_at timestamp with time zone,
  CONSTRAINT contact_changes_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT contact_changes_organization_id_organizations_id_fkey
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX contact_changes_hash_key ON contact_changes (hash);
CREATE UNIQUE INDEX contact_changes_open_key ON contact_changes (organization_id)
  WHERE confirmed_at is null and withdrawn_at is null;

-- Webhooks.

CREATE TABLE webhook_endpoints (
  organization_id text,
  id text,
  url text NOT NULL,
  description text NOT NULL,
  event_types text[] NOT NULL,
  enabled boolean NOT NULL,
  disabled_reason text,
  failing_since timestamp with time zone,
  secret bytea NOT NULL,
  previous_secret bytea,
  previous_secret_until timestamp with time zone,
  created_by text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT webhook_endpoints_organization_id_organizations_id_fkey
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);

CREATE TABLE webhook_events (
  organization_id text,
  id text,
  workspace_id text,
  type text NOT NULL,
  data jsonb NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT webhook_events_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT webhook_events_organization_id_organizations_id_fkey
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);

CREATE TABLE webhook_deliveries (
  organization_id text,
  id text,
  endpoint_id text NOT NULL,
  event_id text NOT NULL,
  replay_of text,
  state text NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  created_at timestamp with time zone NOT NULL,
  next_at timestamp with time zone,
  ended_at timestamp with time zone,
  CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT "webhook_deliveries_m34XXWeYOTSd_fkey"
    FOREIGN KEY (organization_id, endpoint_id) REFERENCES webhook_endpoints (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT "webhook_deliveries_9wKADBKTbzxh_fkey"
    FOREIGN KEY (organization_id, event_id) REFERENCES webhook_events (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_deliveries_endpoint ON webhook_deliveries (organization_id, endpoint_id, id);
CREATE UNIQUE INDEX webhook_deliveries_once ON webhook_deliveries (organization_id, endpoint_id, event_id)
  WHERE replay_of is null;

CREATE TABLE webhook_attempts (
  organization_id text,
  delivery_id text,
  number integer,
  at timestamp with time zone NOT NULL,
  ms integer NOT NULL,
  status integer,
  answer text NOT NULL,
  error text,
  CONSTRAINT webhook_attempts_pkey PRIMARY KEY (organization_id, delivery_id, number),
  CONSTRAINT "webhook_attempts_ChzhBCqQnlFU_fkey"
    FOREIGN KEY (organization_id, delivery_id) REFERENCES webhook_deliveries (organization_id, id) ON DELETE CASCADE
);

-- The audit log and what staff looked at.

CREATE TABLE audit_events (
  organization_id text,
  id text,
  workspace_id text,
  at timestamp with time zone NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  action text NOT NULL,
  object_type text NOT NULL,
  object_id text NOT NULL,
  before jsonb,
  after jsonb,
  clause text,
  address text NOT NULL,
  agent text NOT NULL,
  sequence bigint DEFAULT 0 NOT NULL,
  previous_hash text DEFAULT '' NOT NULL,
  hash text DEFAULT '' NOT NULL,
  CONSTRAINT audit_events_pkey PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX audit_events_sequence ON audit_events (organization_id, sequence);
CREATE INDEX audit_events_object ON audit_events (organization_id, object_type, object_id);

CREATE TABLE audit_heads (
  organization_id text PRIMARY KEY,
  sequence bigint NOT NULL,
  hash text NOT NULL
);

CREATE TABLE audit_checks (
  organization_id text PRIMARY KEY,
  sequence bigint NOT NULL,
  hash text NOT NULL,
  flaw text,
  checked_at timestamp with time zone NOT NULL
);

CREATE TABLE staff_looks (
  organization_id text,
  id text,
  staff_id text NOT NULL,
  reason text NOT NULL,
  words text NOT NULL,
  opened_at timestamp with time zone NOT NULL,
  ends_at timestamp with time zone NOT NULL,
  closed_at timestamp with time zone,
  CONSTRAINT staff_looks_pkey PRIMARY KEY (organization_id, id)
);
CREATE INDEX staff_looks_open ON staff_looks (staff_id, organization_id, ends_at) WHERE closed_at is null;

-- Documents of the contract, and who accepted them.

CREATE TABLE documents (
  id text PRIMARY KEY,
  kind text NOT NULL,
  version integer NOT NULL,
  title text NOT NULL,
  summary text NOT NULL,
  body text NOT NULL,
  sha256 text NOT NULL,
  template_sha256 text NOT NULL,
  effective_from timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT documents_version_key UNIQUE (kind, version)
);

CREATE TABLE acceptances (
  organization_id text,
  id text,
  user_id text NOT NULL,
  document_id text NOT NULL,
  version integer NOT NULL,
  sha256 text NOT NULL,
  binds boolean NOT NULL,
  method text NOT NULL,
  address text NOT NULL,
  agent text NOT NULL,
  accepted_at timestamp with time zone NOT NULL,
  CONSTRAINT acceptances_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT acceptances_once UNIQUE (organization_id, document_id, user_id),
  CONSTRAINT acceptances_organization_id_organizations_id_fkey
    FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT acceptances_user_id_users_id_fkey FOREIGN KEY (user_id) REFERENCES users (id),
  CONSTRAINT acceptances_document_id_documents_id_fkey FOREIGN KEY (document_id) REFERENCES documents (id)
);

-- The role that people's requests run under: it owns nothing, and sees the rows that policies show it. The hot path of
-- /v1, jobs and the operator work as the owner.
DO $$
BEGIN
  IF to_regrole('comptoir_tenant') IS NULL THEN CREATE ROLE comptoir_tenant NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;
END $$;
DO $$
BEGIN
  EXECUTE format('GRANT comptoir_tenant TO %I', current_user);
EXCEPTION WHEN OTHERS THEN
  IF NOT pg_has_role(current_user, 'comptoir_tenant', 'USAGE') THEN RAISE; END IF;
END $$;
GRANT USAGE ON SCHEMA public TO comptoir_tenant;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO comptoir_tenant;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO comptoir_tenant;
-- Tables that belong to no organization are open to it, except lessees and usage_journal, which only processes use. Tables
-- that belong to one are opened by protect_tables, with their policy.
GRANT SELECT, INSERT, UPDATE, DELETE ON
  users, identities, sessions, tokens, attempts, staff, authenticators, passkeys, recovery_codes,
  pending_sign_ins, challenges, devices, models, model_aliases, prices, letter_attempts, muted_notices, documents
  TO comptoir_tenant;
