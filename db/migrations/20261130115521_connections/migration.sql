CREATE TABLE "connection_attempts" (
	"organization_id" text,
	"connection_id" text,
	"id" text,
	"kind" text NOT NULL,
	"about" text NOT NULL,
	"delivery_id" text,
	"at" timestamp with time zone NOT NULL,
	"ms" integer NOT NULL,
	"status" integer,
	"outcome" text NOT NULL,
	"error" text,
	CONSTRAINT "connection_attempts_pkey" PRIMARY KEY("organization_id","connection_id","id")
);
--> statement-breakpoint
CREATE TABLE "connection_deliveries" (
	"organization_id" text,
	"id" text,
	"connection_id" text NOT NULL,
	"event_id" text NOT NULL,
	"replay_of" text,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"next_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "connection_deliveries_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "connections" (
	"organization_id" text,
	"id" text,
	"connector" text NOT NULL,
	"name" text NOT NULL,
	"workspace_id" text,
	"state" text NOT NULL,
	"settings" jsonb NOT NULL,
	"sealed_key" bytea,
	"sealed_secret" bytea,
	"last4" text,
	"token_expires_at" timestamp with time zone,
	"refresh_at" timestamp with time zone,
	"scopes" text[],
	"last_ok_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"failing_since" timestamp with time zone,
	"last_error" text,
	"told_at" timestamp with time zone,
	"paused_reason" text,
	"gap_from" timestamp with time zone,
	"gap_until" timestamp with time zone,
	"pending_state" text,
	"pending_session" text,
	"pending_verifier" bytea,
	"pending_until" timestamp with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "connections_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "connections_ended" CHECK ("state" <> 'disconnected' or ("sealed_key" is null and "sealed_secret" is null)),
	CONSTRAINT "connections_sealed" CHECK ("state" not in ('connected', 'failing') or "sealed_secret" is not null)
);
--> statement-breakpoint
CREATE TABLE "connector_acknowledgements" (
	"organization_id" text,
	"id" text,
	"connector" text NOT NULL,
	"version" integer NOT NULL,
	"wording" text NOT NULL,
	"user_id" text NOT NULL,
	"acknowledged_at" timestamp with time zone NOT NULL,
	CONSTRAINT "connector_acknowledgements_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "connector_acknowledgements_once" UNIQUE("organization_id","connector","version","user_id")
);
--> statement-breakpoint
CREATE TABLE "connector_rules" (
	"organization_id" text NOT NULL,
	"connector" text NOT NULL,
	"workspace_id" text,
	"rule" text NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	CONSTRAINT "connector_rules_one" UNIQUE NULLS NOT DISTINCT("organization_id","connector","workspace_id")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "connection_deliveries_once" ON "connection_deliveries" ("organization_id","connection_id","event_id") WHERE "replay_of" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "connections_pending_key" ON "connections" ("pending_state") WHERE "pending_state" is not null;--> statement-breakpoint
CREATE INDEX "connections_live" ON "connections" ("connector","organization_id") WHERE "state" in ('connected', 'failing');--> statement-breakpoint
CREATE INDEX "connections_refresh" ON "connections" ("refresh_at") WHERE "refresh_at" is not null;--> statement-breakpoint
ALTER TABLE "connection_attempts" ADD CONSTRAINT "connection_attempts_RuuL3yBzkJq8_fkey" FOREIGN KEY ("organization_id","connection_id") REFERENCES "connections"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "connection_deliveries" ADD CONSTRAINT "connection_deliveries_0EdrSQIssceG_fkey" FOREIGN KEY ("organization_id","connection_id") REFERENCES "connections"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "connection_deliveries" ADD CONSTRAINT "connection_deliveries_Dc9u24ERKa5y_fkey" FOREIGN KEY ("organization_id","event_id") REFERENCES "webhook_events"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "connector_acknowledgements" ADD CONSTRAINT "connector_acknowledgements_e5KHBPKrtiNE_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id");--> statement-breakpoint
ALTER TABLE "connector_rules" ADD CONSTRAINT "connector_rules_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;