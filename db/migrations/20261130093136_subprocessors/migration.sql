CREATE TABLE "subprocessors" (
	"id" text PRIMARY KEY,
	"name" text NOT NULL,
	"purpose" text NOT NULL,
	"location" text NOT NULL,
	"data" text NOT NULL,
	"url" text NOT NULL,
	"added_by" text NOT NULL,
	"added_at" timestamp with time zone NOT NULL,
	"announced_at" timestamp with time zone,
	"planned_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone,
	CONSTRAINT "subprocessors_notice" CHECK ("planned_at" >= "announced_at" + interval '720 hours'),
	CONSTRAINT "subprocessors_removed" CHECK ("removed_at" >= "added_at")
);
--> statement-breakpoint
ALTER TABLE "legal_notices" DROP CONSTRAINT "legal_notices_terms_days", ADD CONSTRAINT "legal_notices_terms_days" CHECK ("about" not in ('terms', 'subprocessor') or "effective_at" >= "noticed_at" + interval '720 hours');