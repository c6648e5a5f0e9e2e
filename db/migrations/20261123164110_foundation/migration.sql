CREATE TABLE "attempts" (
	"subject" text PRIMARY KEY,
	"count" integer NOT NULL,
	"window_started_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identities" (
	"issuer" text,
	"subject" text,
	"user_id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "identities_pkey" PRIMARY KEY("issuer","subject")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY,
	"user_id" text NOT NULL,
	"address" text NOT NULL,
	"agent" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"user_id" text PRIMARY KEY,
	"roles" text[] NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"id" text PRIMARY KEY,
	"user_id" text NOT NULL,
	"purpose" text NOT NULL,
	"hash" text NOT NULL UNIQUE,
	"password_hash" text,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"email_verified_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"organization_id" text,
	"id" text,
	"workspace_id" text,
	"at" timestamp with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"action" text NOT NULL,
	"object_type" text NOT NULL,
	"object_id" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"clause" text,
	"address" text NOT NULL,
	"agent" text NOT NULL,
	CONSTRAINT "audit_events_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "keys" (
	"organization_id" text,
	"id" text,
	"workspace_id" text NOT NULL,
	"owner_id" text NOT NULL,
	"purpose" text DEFAULT 'api' NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL CONSTRAINT "keys_hash_key" UNIQUE,
	"first4" text NOT NULL,
	"last4" text NOT NULL,
	"scopes" text[] NOT NULL,
	"models" text[],
	"addresses" text[],
	"created_at" timestamp with time zone NOT NULL,
	"lifetime_days" integer,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"revoked_reason" text,
	"successor_id" text,
	"last_used_at" timestamp with time zone,
	"last_used_address" text,
	"last_used_agent" text,
	CONSTRAINT "keys_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "model_aliases" (
	"alias" text PRIMARY KEY,
	"model_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "models" (
	"id" text PRIMARY KEY,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"owned_by" text NOT NULL,
	"upstream" text NOT NULL,
	"upstream_model" text NOT NULL,
	"capabilities" jsonb NOT NULL,
	"max_context_length" integer NOT NULL,
	"default_temperature" real,
	"available" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"deprecated_at" timestamp with time zone,
	"retires_at" timestamp with time zone,
	"replacement" text
);
--> statement-breakpoint
CREATE TABLE "prices" (
	"model_id" text,
	"valid_from" timestamp with time zone,
	"input_micros" bigint NOT NULL,
	"cached_input_micros" bigint NOT NULL,
	"output_micros" bigint NOT NULL,
	CONSTRAINT "prices_pkey" PRIMARY KEY("model_id","valid_from")
);
--> statement-breakpoint
CREATE TABLE "letters" (
	"id" text PRIMARY KEY,
	"organization_id" text,
	"kind" text NOT NULL,
	"recipient" text NOT NULL,
	"subject" text NOT NULL,
	"text" text NOT NULL,
	"html" text NOT NULL,
	"clause" text,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" text,
	"created_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "members" (
	"organization_id" text,
	"user_id" text,
	"roles" text[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "members_pkey" PRIMARY KEY("organization_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" text PRIMARY KEY,
	"name" text NOT NULL,
	"plan" text NOT NULL,
	"customer_type" text DEFAULT 'business' NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"status_reason" text,
	"status_clause" text,
	"registration_email" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"first_use_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "workspace_members" (
	"organization_id" text,
	"workspace_id" text,
	"user_id" text,
	"roles" text[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "workspace_members_pkey" PRIMARY KEY("organization_id","workspace_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "workspaces" (
	"organization_id" text,
	"id" text,
	"name" text NOT NULL,
	"is_default" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"archived_at" timestamp with time zone,
	CONSTRAINT "workspaces_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "acceptances" (
	"organization_id" text,
	"id" text,
	"user_id" text NOT NULL,
	"document_id" text NOT NULL,
	"version" integer NOT NULL,
	"sha256" text NOT NULL,
	"binds" boolean NOT NULL,
	"method" text NOT NULL,
	"address" text NOT NULL,
	"agent" text NOT NULL,
	"accepted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "acceptances_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "acceptances_once" UNIQUE("organization_id","document_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"id" text PRIMARY KEY,
	"kind" text NOT NULL,
	"version" integer NOT NULL,
	"title" text NOT NULL,
	"summary" text NOT NULL,
	"body" text NOT NULL,
	"sha256" text NOT NULL,
	"template_sha256" text NOT NULL,
	"effective_from" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "documents_version_key" UNIQUE("kind","version")
);
--> statement-breakpoint
CREATE TABLE "contents" (
	"organization_id" text,
	"id" text,
	"workspace_id" text NOT NULL,
	"request_ids" text[] NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"purge_at" timestamp with time zone NOT NULL,
	"training_eligible" boolean NOT NULL,
	"sealed" bytea NOT NULL,
	CONSTRAINT "contents_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "spend_months" (
	"organization_id" text,
	"month" date,
	"scope" text,
	"scope_id" text,
	"settled_pico" numeric(38,0) NOT NULL,
	CONSTRAINT "spend_months_pkey" PRIMARY KEY("organization_id","month","scope","scope_id")
);
--> statement-breakpoint
CREATE TABLE "usage_days_by_key" (
	"organization_id" text,
	"workspace_id" text,
	"day" date,
	"key_id" text,
	"requests" bigint NOT NULL,
	"failed" bigint NOT NULL,
	"prompt_tokens" bigint NOT NULL,
	"cached_tokens" bigint NOT NULL,
	"completion_tokens" bigint NOT NULL,
	"cost_pico" numeric(38,0) NOT NULL,
	CONSTRAINT "usage_days_by_key_pkey" PRIMARY KEY("organization_id","workspace_id","day","key_id")
);
--> statement-breakpoint
CREATE TABLE "usage_days_by_model" (
	"organization_id" text,
	"workspace_id" text,
	"day" date,
	"model" text,
	"requests" bigint NOT NULL,
	"failed" bigint NOT NULL,
	"prompt_tokens" bigint NOT NULL,
	"cached_tokens" bigint NOT NULL,
	"completion_tokens" bigint NOT NULL,
	"cost_pico" numeric(38,0) NOT NULL,
	CONSTRAINT "usage_days_by_model_pkey" PRIMARY KEY("organization_id","workspace_id","day","model")
);
--> statement-breakpoint
CREATE TABLE "usage_events" (
	"organization_id" text,
	"id" text,
	"at" timestamp with time zone,
	"workspace_id" text NOT NULL,
	"key_id" text NOT NULL,
	"user_id" text NOT NULL,
	"end_user" text,
	"endpoint" text NOT NULL,
	"requested_model" text NOT NULL,
	"model" text NOT NULL,
	"streamed" boolean NOT NULL,
	"prompt_tokens" integer NOT NULL,
	"cached_tokens" integer NOT NULL,
	"completion_tokens" integer NOT NULL,
	"input_micros" bigint NOT NULL,
	"cached_input_micros" bigint NOT NULL,
	"output_micros" bigint NOT NULL,
	"cost_pico" numeric(38,0) NOT NULL,
	"first_byte_ms" integer,
	"latency_ms" integer NOT NULL,
	"status" integer NOT NULL,
	"outcome" text NOT NULL,
	"reason" text,
	"address" text NOT NULL,
	"agent" text NOT NULL,
	"clause" text NOT NULL,
	"training_eligible" boolean NOT NULL,
	CONSTRAINT "usage_events_pkey" PRIMARY KEY("organization_id","id","at")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" ("user_id");--> statement-breakpoint
CREATE INDEX "tokens_user" ON "tokens" ("user_id","purpose");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_key" ON "users" (lower("email"));--> statement-breakpoint
CREATE INDEX "audit_events_object" ON "audit_events" ("organization_id","object_type","object_id");--> statement-breakpoint
CREATE UNIQUE INDEX "keys_playground_key" ON "keys" ("organization_id","workspace_id","owner_id") WHERE "purpose" = 'playground';--> statement-breakpoint
CREATE INDEX "keys_workspace" ON "keys" ("organization_id","workspace_id","id");--> statement-breakpoint
CREATE INDEX "letters_recipient" ON "letters" ("recipient","id");--> statement-breakpoint
CREATE INDEX "letters_state" ON "letters" ("state");--> statement-breakpoint
CREATE INDEX "members_user" ON "members" ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "workspaces_default_key" ON "workspaces" ("organization_id") WHERE "is_default";--> statement-breakpoint
CREATE INDEX "contents_purge" ON "contents" ("purge_at");--> statement-breakpoint
CREATE INDEX "usage_events_workspace" ON "usage_events" ("organization_id","workspace_id","id");--> statement-breakpoint
CREATE INDEX "usage_events_key" ON "usage_events" ("organization_id","key_id","id");--> statement-breakpoint
ALTER TABLE "identities" ADD CONSTRAINT "identities_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "staff" ADD CONSTRAINT "staff_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "keys" ADD CONSTRAINT "keys_owner_id_users_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "keys" ADD CONSTRAINT "keys_AR0SFGVZMuI9_fkey" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "workspaces"("organization_id","id");--> statement-breakpoint
ALTER TABLE "model_aliases" ADD CONSTRAINT "model_aliases_model_id_models_id_fkey" FOREIGN KEY ("model_id") REFERENCES "models"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "prices" ADD CONSTRAINT "prices_model_id_models_id_fkey" FOREIGN KEY ("model_id") REFERENCES "models"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_created_by_users_id_fkey" FOREIGN KEY ("created_by") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "workspace_members" ADD CONSTRAINT "workspace_members_vcC8T8SysBVI_fkey" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "workspaces"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "workspace_members" ADD CONSTRAINT "workspace_members_XlkcgoZVJDlj_fkey" FOREIGN KEY ("organization_id","user_id") REFERENCES "members"("organization_id","user_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "acceptances" ADD CONSTRAINT "acceptances_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id");--> statement-breakpoint
ALTER TABLE "acceptances" ADD CONSTRAINT "acceptances_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "acceptances" ADD CONSTRAINT "acceptances_document_id_documents_id_fkey" FOREIGN KEY ("document_id") REFERENCES "documents"("id");