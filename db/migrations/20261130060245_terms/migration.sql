CREATE TABLE "notice_runs" (
	"about" text,
	"about_id" text,
	"clause" text NOT NULL,
	"planned_at" timestamp with time zone NOT NULL,
	"announced_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"effective_at" timestamp with time zone,
	CONSTRAINT "notice_runs_pkey" PRIMARY KEY("about","about_id"),
	CONSTRAINT "notice_runs_planned" CHECK ("effective_at" >= "planned_at")
);
--> statement-breakpoint
ALTER TABLE "legal_notices" ADD COLUMN "served_words" text;--> statement-breakpoint
ALTER TABLE "legal_notices" ADD COLUMN "served_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "legal_notices" ADD COLUMN "serve_proposed_by" text;--> statement-breakpoint
CREATE INDEX "notice_runs_open" ON "notice_runs" ("announced_at") WHERE "effective_at" is null;