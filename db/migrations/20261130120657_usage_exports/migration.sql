CREATE TABLE "export_parcels" (
	"organization_id" text,
	"connection_id" text,
	"number" integer,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"events" text[] NOT NULL,
	"workspaces" text[] NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"bound_at" timestamp with time zone NOT NULL,
	"traced_at" timestamp with time zone,
	"sent_at" timestamp with time zone,
	"dropped_at" timestamp with time zone,
	"count" integer NOT NULL,
	"bytes" bigint,
	"sha256" text,
	"note" text,
	CONSTRAINT "export_parcels_pkey" PRIMARY KEY("organization_id","connection_id","number"),
	CONSTRAINT "export_parcels_ended" CHECK ("sent_at" is null or "dropped_at" is null)
);
--> statement-breakpoint
CREATE TABLE "export_targets" (
	"organization_id" text,
	"connection_id" text,
	"connector" text NOT NULL,
	"workspace_id" text,
	"is_collecting" boolean NOT NULL,
	"parcels" integer DEFAULT 0 NOT NULL,
	"bound_until" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone,
	"claimed_by" text,
	"claimed_until" timestamp with time zone,
	CONSTRAINT "export_targets_pkey" PRIMARY KEY("organization_id","connection_id")
);
--> statement-breakpoint
CREATE TABLE "usage_exports" (
	"organization_id" text,
	"connection_id" text,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "usage_exports_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"events" text[] NOT NULL,
	"workspaces" text[] NOT NULL,
	CONSTRAINT "usage_exports_pkey" PRIMARY KEY("organization_id","connection_id","seq")
);
--> statement-breakpoint
-- What is in the journal has the columns of before. A fresh database has no functions yet, and no lessees either.
DO $$ BEGIN
  IF EXISTS (SELECT FROM lessees) THEN PERFORM settle_journal(id) FROM lessees; END IF;
END $$;
--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "trace_parent" text;--> statement-breakpoint
CREATE INDEX "export_parcels_waiting" ON "export_parcels" ("organization_id","connection_id","number") WHERE "sent_at" is null and "dropped_at" is null;--> statement-breakpoint
CREATE INDEX "export_targets_meter" ON "export_targets" ("organization_id","connection_id","workspace_id") WHERE "is_collecting";--> statement-breakpoint
ALTER TABLE "export_parcels" ADD CONSTRAINT "export_parcels_fOok35o9oLkp_fkey" FOREIGN KEY ("organization_id","connection_id") REFERENCES "export_targets"("organization_id","connection_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "export_targets" ADD CONSTRAINT "export_targets_IVqCpKdqb6S2_fkey" FOREIGN KEY ("organization_id","connection_id") REFERENCES "connections"("organization_id","id") ON DELETE CASCADE;