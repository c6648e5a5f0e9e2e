CREATE TABLE "tuning_integrations" (
	"organization_id" text,
	"job_id" text,
	"position" integer,
	"type" text NOT NULL,
	"project" text NOT NULL,
	"name" text,
	"run_name" text,
	"sealed_key" bytea,
	"url" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "tuning_integrations_pkey" PRIMARY KEY("organization_id","job_id","position")
);
--> statement-breakpoint
ALTER TABLE "lessees" ADD COLUMN "job_id" text;--> statement-breakpoint
ALTER TABLE "prices" ADD COLUMN "training_micros" bigint;--> statement-breakpoint
ALTER TABLE "prices" ADD COLUMN "training_minimum_pico" numeric(38,0);--> statement-breakpoint
ALTER TABLE "prices" ADD COLUMN "storage_month_pico" numeric(38,0);--> statement-breakpoint
ALTER TABLE "tuning_jobs" ADD COLUMN "credit_due_pico" numeric(38,0) DEFAULT '0' NOT NULL;--> statement-breakpoint
ALTER TABLE "tuning_jobs" ADD COLUMN "waits_for" text;--> statement-breakpoint
-- What is in the journal has the columns of before. A fresh database has no functions yet, and no lessees either.
DO $$ BEGIN
  IF EXISTS (SELECT FROM lessees) THEN PERFORM settle_journal(id) FROM lessees; END IF;
END $$;
--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "kind" text DEFAULT 'request' NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "job_id" text;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "quantity" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "fee_pico" numeric(38,0) DEFAULT '0' NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_lines" ADD COLUMN "kind" text DEFAULT 'request';--> statement-breakpoint
ALTER TABLE "usage_lines" ADD COLUMN "unit_micros" bigint DEFAULT 0;--> statement-breakpoint
ALTER TABLE "usage_lines" ADD COLUMN "quantity" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_lines" ADD COLUMN "invoiced_quantity" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_lines" DROP CONSTRAINT "usage_lines_pkey";--> statement-breakpoint
ALTER TABLE "usage_lines" ADD PRIMARY KEY ("organization_id","month","workspace_id","model","input_micros","cached_input_micros","output_micros","kind","unit_micros");--> statement-breakpoint
ALTER TABLE "usage_events" ALTER COLUMN "key_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "tuning_integrations" ADD CONSTRAINT "tuning_integrations_gUn2CRKaN648_fkey" FOREIGN KEY ("organization_id","job_id") REFERENCES "tuning_jobs"("organization_id","id") ON DELETE CASCADE;