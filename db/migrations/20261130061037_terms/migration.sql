CREATE TABLE "notice_runs" (
	"about" text,
	"about_id" text,
	"clause" text NOT NULL,
	"audience" text DEFAULT 'everyone' NOT NULL,
	"planned_at" timestamp with time zone NOT NULL,
	"announced_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"effective_at" timestamp with time zone,
	CONSTRAINT "notice_runs_pkey" PRIMARY KEY("about","about_id"),
	CONSTRAINT "notice_runs_planned" CHECK ("effective_at" >= "planned_at")
);
--> statement-breakpoint
CREATE TABLE "publications" (
	"id" text PRIMARY KEY,
	"document_id" text NOT NULL,
	"kind" text NOT NULL,
	"version" integer NOT NULL,
	"change" text,
	"state" text NOT NULL,
	"summary" text,
	"planned_at" timestamp with time zone,
	"approved_at" timestamp with time zone,
	"announced_at" timestamp with time zone,
	"effective_at" timestamp with time zone,
	"by" text NOT NULL,
	"second_by" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "publications_notice" CHECK ("change" <> 'substantial' or "announced_at" is null or "planned_at" >= "announced_at" + interval '744 hours'),
	CONSTRAINT "publications_effect" CHECK ("state" not in ('in_force', 'replaced') or "effective_at" is not null)
);
--> statement-breakpoint
ALTER TABLE "legal_notices" ADD COLUMN "applied_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "legal_notices" ADD COLUMN "served_words" text;--> statement-breakpoint
ALTER TABLE "legal_notices" ADD COLUMN "served_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "legal_notices" ADD COLUMN "serve_proposed_by" text;--> statement-breakpoint
ALTER TABLE "acceptances" ADD COLUMN "key_id" text;--> statement-breakpoint
ALTER TABLE "acceptances" ADD COLUMN "order_id" text;--> statement-breakpoint
ALTER TABLE "acceptances" ALTER COLUMN "user_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "documents" ALTER COLUMN "effective_from" DROP NOT NULL;--> statement-breakpoint
CREATE INDEX "legal_notices_unapplied" ON "legal_notices" ("effective_at") WHERE "applied_at" is null;--> statement-breakpoint
CREATE INDEX "notice_runs_open" ON "notice_runs" ("announced_at") WHERE "effective_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "acceptances_implied_once" ON "acceptances" ("organization_id","document_id") WHERE "method" = 'implied_by_use';--> statement-breakpoint
CREATE UNIQUE INDEX "publications_document_key" ON "publications" ("document_id");--> statement-breakpoint
CREATE UNIQUE INDEX "publications_open_key" ON "publications" ("kind") WHERE "state" in ('draft', 'approved');--> statement-breakpoint
CREATE UNIQUE INDEX "publications_announced_key" ON "publications" ("kind") WHERE "state" = 'announced';--> statement-breakpoint
ALTER TABLE "publications" ADD CONSTRAINT "publications_document_id_documents_id_fkey" FOREIGN KEY ("document_id") REFERENCES "documents"("id");--> statement-breakpoint
ALTER TABLE "acceptances" ADD CONSTRAINT "acceptances_person" CHECK ("method" <> 'click' or "user_id" is not null);--> statement-breakpoint
-- Written by hand: what was published so far has its publication. What had been given a later date without a notice is a draft.
INSERT INTO "publications" ("id", "document_id", "kind", "version", "change", "state", "effective_at", "by", "created_at")
SELECT 'pub_' || substr("id", 5), "id", "kind", "version",
	CASE WHEN "effective_from" > now() THEN NULL WHEN "version" = (SELECT min("version") FROM "documents" AS "others" WHERE "others"."kind" = "documents"."kind") THEN 'first' ELSE 'non_substantial' END,
	CASE WHEN "effective_from" > now() AND "version" < (SELECT max("version") FROM "documents" AS "others" WHERE "others"."kind" = "documents"."kind") THEN 'withdrawn'
		WHEN "effective_from" > now() THEN 'draft'
		WHEN EXISTS (SELECT FROM "documents" AS "others" WHERE "others"."kind" = "documents"."kind" AND "others"."version" > "documents"."version" AND "others"."effective_from" <= now()) THEN 'replaced'
		ELSE 'in_force' END,
	CASE WHEN "effective_from" > now() THEN NULL ELSE "effective_from" END, 'system', "created_at"
FROM "documents";
