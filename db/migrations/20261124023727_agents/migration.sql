-- What processes have committed to their journals is literals of the columns there were until now.
SELECT settle_journal(id) FROM lessees;
--> statement-breakpoint
CREATE TABLE "agent_aliases" (
	"organization_id" text,
	"agent_id" text,
	"alias" text,
	"version" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "agent_aliases_pkey" PRIMARY KEY("organization_id","agent_id","alias")
);
--> statement-breakpoint
CREATE TABLE "agent_grants" (
	"organization_id" text,
	"agent_id" text,
	"subject_kind" text NOT NULL,
	"subject_id" text,
	"level" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "agent_grants_pkey" PRIMARY KEY("organization_id","agent_id","subject_id")
);
--> statement-breakpoint
CREATE TABLE "agent_receipts" (
	"organization_id" text,
	"id" text,
	"workspace_id" text NOT NULL,
	"agent_id" text NOT NULL,
	"name" text NOT NULL,
	"handle" text NOT NULL,
	"owner_id" text NOT NULL,
	"visibility" text NOT NULL,
	"removed" jsonb NOT NULL,
	"deleted_by" text NOT NULL,
	"deleted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "agent_receipts_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "agent_reports" (
	"organization_id" text,
	"id" text,
	"workspace_id" text NOT NULL,
	"agent_id" text NOT NULL,
	"name" text NOT NULL,
	"handle" text NOT NULL,
	"reason" text NOT NULL,
	"details" text NOT NULL,
	"reported_by" text NOT NULL,
	"reported_at" timestamp with time zone NOT NULL,
	"decision" text,
	"answer" text,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	CONSTRAINT "agent_reports_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "agent_versions" (
	"organization_id" text,
	"agent_id" text,
	"version" integer,
	"content" jsonb NOT NULL,
	"message" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"attested_at" timestamp with time zone,
	CONSTRAINT "agent_versions_pkey" PRIMARY KEY("organization_id","agent_id","version")
);
--> statement-breakpoint
CREATE TABLE "agents" (
	"organization_id" text,
	"id" text,
	"workspace_id" text NOT NULL,
	"owner_id" text NOT NULL,
	"name" text NOT NULL,
	"handle" text NOT NULL,
	"likeness" text NOT NULL,
	"color" text NOT NULL,
	"visibility" text NOT NULL,
	"source" text NOT NULL,
	"deployment_chat" boolean DEFAULT true NOT NULL,
	"version" integer,
	"draft" jsonb,
	"draft_by" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "agents_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "agents_answerable" CHECK ("version" is not null or "draft" is not null)
);
--> statement-breakpoint
CREATE TABLE "conversation_entries" (
	"organization_id" text,
	"conversation_id" text,
	"position" integer,
	"id" text NOT NULL,
	"type" text NOT NULL,
	"sealed" bytea NOT NULL,
	"agent_id" text,
	"agent_version" integer,
	"model" text,
	"request_id" text,
	"prompt_tokens" integer,
	"completion_tokens" integer,
	"cost_pico" numeric(38,0),
	"created_at" timestamp with time zone NOT NULL,
	"completed_at" timestamp with time zone,
	CONSTRAINT "conversation_entries_pkey" PRIMARY KEY("organization_id","conversation_id","position")
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"organization_id" text,
	"id" text,
	"workspace_id" text NOT NULL,
	"owner_id" text NOT NULL,
	"name" text,
	"description" text,
	"metadata" jsonb,
	"model" text,
	"settings" jsonb,
	"agent_id" text,
	"agent_version" text,
	"parent_id" text,
	"parent_entry_id" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "conversations_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "conversations_partner" CHECK (("model" is null) <> ("agent_id" is null))
);
--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "zero_retention_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "agent_visibility" text DEFAULT 'workspace' NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "agent_id" text;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "agent_version" integer;--> statement-breakpoint
CREATE INDEX "agent_grants_subject" ON "agent_grants" ("organization_id","subject_id");--> statement-breakpoint
CREATE UNIQUE INDEX "agent_receipts_agent_key" ON "agent_receipts" ("organization_id","agent_id");--> statement-breakpoint
CREATE INDEX "agent_reports_open" ON "agent_reports" ("reported_at") WHERE "decided_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "agents_likeness_key" ON "agents" ("organization_id","workspace_id","likeness");--> statement-breakpoint
CREATE INDEX "agents_owner" ON "agents" ("organization_id","owner_id");--> statement-breakpoint
CREATE INDEX "conversations_owner" ON "conversations" ("organization_id","workspace_id","owner_id","updated_at");--> statement-breakpoint
ALTER TABLE "agent_aliases" ADD CONSTRAINT "agent_aliases_sJ2s0awFz63g_fkey" FOREIGN KEY ("organization_id","agent_id","version") REFERENCES "agent_versions"("organization_id","agent_id","version") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "agent_grants" ADD CONSTRAINT "agent_grants_4NFXpEliUV2K_fkey" FOREIGN KEY ("organization_id","agent_id") REFERENCES "agents"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "agent_receipts" ADD CONSTRAINT "agent_receipts_zAyucZuMriHk_fkey" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "workspaces"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "agent_reports" ADD CONSTRAINT "agent_reports_reported_by_users_id_fkey" FOREIGN KEY ("reported_by") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "agent_reports" ADD CONSTRAINT "agent_reports_decided_by_users_id_fkey" FOREIGN KEY ("decided_by") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "agent_reports" ADD CONSTRAINT "agent_reports_3187a1VAm8d8_fkey" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "workspaces"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "agent_versions" ADD CONSTRAINT "agent_versions_created_by_users_id_fkey" FOREIGN KEY ("created_by") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "agent_versions" ADD CONSTRAINT "agent_versions_CeM3DBCFicHW_fkey" FOREIGN KEY ("organization_id","agent_id") REFERENCES "agents"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_owner_id_users_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_draft_by_users_id_fkey" FOREIGN KEY ("draft_by") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_LSX0WfC5zujB_fkey" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "workspaces"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "conversation_entries" ADD CONSTRAINT "conversation_entries_0rP8dWcMtw1X_fkey" FOREIGN KEY ("organization_id","conversation_id") REFERENCES "conversations"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_1WdCWGqUctFh_fkey" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "workspaces"("organization_id","id") ON DELETE CASCADE;
--> statement-breakpoint
SELECT protect_table(name) FROM unnest(ARRAY['agents', 'agent_versions', 'agent_aliases', 'agent_grants', 'agent_receipts',
  'agent_reports', 'conversations', 'conversation_entries']) AS name;
--> statement-breakpoint
-- Sealed bytes cannot be packed any further.
ALTER TABLE conversation_entries ALTER COLUMN sealed SET STORAGE EXTERNAL;
--> statement-breakpoint
-- Whoever is gone has no rights left to what was shared with them, should they ever come back.
CREATE FUNCTION forget_agent_grants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM agent_grants WHERE organization_id = OLD.organization_id
    AND subject_id = CASE TG_TABLE_NAME WHEN 'members' THEN to_jsonb(OLD) ->> 'user_id' ELSE to_jsonb(OLD) ->> 'id' END;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER members_forget_agent_grants AFTER DELETE ON members FOR EACH ROW EXECUTE FUNCTION forget_agent_grants();
--> statement-breakpoint
CREATE TRIGGER groups_forget_agent_grants AFTER DELETE ON groups FOR EACH ROW EXECUTE FUNCTION forget_agent_grants();
--> statement-breakpoint
CREATE TRIGGER keys_forget_agent_grants AFTER DELETE ON keys FOR EACH ROW EXECUTE FUNCTION forget_agent_grants();
--> statement-breakpoint
DROP TRIGGER organizations_tell_gate ON organizations;
--> statement-breakpoint
CREATE TRIGGER organizations_tell_gate AFTER UPDATE OF plan, status, customer_type, zero_retention_since OR DELETE ON organizations
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();
