CREATE TABLE "retention_clocks" (
	"organization_id" text,
	"agreement_number" integer,
	"kind" text,
	"started_at" timestamp with time zone NOT NULL,
	"purge_at" timestamp with time zone NOT NULL,
	"restored_at" timestamp with time zone,
	"purged_at" timestamp with time zone,
	"receipt_id" text,
	CONSTRAINT "retention_clocks_pkey" PRIMARY KEY("organization_id","agreement_number","kind"),
	CONSTRAINT "retention_clocks_one_end" CHECK ("restored_at" is null or "purged_at" is null)
);
--> statement-breakpoint
CREATE TABLE "terminations" (
	"organization_id" text,
	"id" text,
	"agreement_number" integer NOT NULL,
	"kind" text NOT NULL,
	"clause" text NOT NULL,
	"noticed_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"words" text,
	"publication_id" text,
	"by" text NOT NULL,
	"second_by" text,
	"attested_keys_at" timestamp with time zone,
	"withdrawn_at" timestamp with time zone,
	"applied_at" timestamp with time zone,
	"drained_at" timestamp with time zone,
	"finalized_at" timestamp with time zone,
	"counts" jsonb,
	CONSTRAINT "terminations_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "terminations_period" CHECK ("ends_at" >= "noticed_at"),
	CONSTRAINT "terminations_withdrawn" CHECK ("withdrawn_at" is null or "applied_at" is null)
);
--> statement-breakpoint
CREATE INDEX "retention_clocks_due" ON "retention_clocks" ("purge_at") WHERE "restored_at" is null and "purged_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "terminations_open_key" ON "terminations" ("organization_id","agreement_number") WHERE "withdrawn_at" is null;--> statement-breakpoint
CREATE INDEX "terminations_due" ON "terminations" ("ends_at") WHERE "withdrawn_at" is null and "finalized_at" is null;--> statement-breakpoint
ALTER TABLE "retention_clocks" ADD CONSTRAINT "retention_clocks_Y1fFRSSmEb7H_fkey" FOREIGN KEY ("organization_id","agreement_number") REFERENCES "agreements"("organization_id","number") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "terminations" ADD CONSTRAINT "terminations_BJMQFXibaupy_fkey" FOREIGN KEY ("organization_id","agreement_number") REFERENCES "agreements"("organization_id","number") ON DELETE CASCADE;