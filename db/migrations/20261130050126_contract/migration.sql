CREATE TABLE "agreements" (
	"organization_id" text,
	"number" integer,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"cause" text,
	CONSTRAINT "agreements_pkey" PRIMARY KEY("organization_id","number"),
	CONSTRAINT "agreements_period" CHECK ("ended_at" >= "starts_at")
);
--> statement-breakpoint
CREATE TABLE "deadlines" (
	"organization_id" text,
	"id" text,
	"clock" text NOT NULL,
	"clause" text NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"owner" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"next_at" timestamp with time zone,
	"step" integer DEFAULT 0 NOT NULL,
	"met_at" timestamp with time zone,
	"met_by" text,
	"cancelled_at" timestamp with time zone,
	CONSTRAINT "deadlines_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "deadlines_one_end" CHECK ("met_at" is null or "cancelled_at" is null)
);
--> statement-breakpoint
CREATE TABLE "legal_notices" (
	"organization_id" text,
	"id" text,
	"about" text NOT NULL,
	"about_id" text NOT NULL,
	"clause" text NOT NULL,
	"planned_at" timestamp with time zone NOT NULL,
	"posted_at" timestamp with time zone NOT NULL,
	"letter_ids" text[] NOT NULL,
	"noticed_at" timestamp with time zone,
	"effective_at" timestamp with time zone,
	"served_by" text,
	CONSTRAINT "legal_notices_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "legal_notices_terms_days" CHECK ("about" <> 'terms' or "effective_at" >= "noticed_at" + interval '720 hours'),
	CONSTRAINT "legal_notices_effect" CHECK (("noticed_at" is null) = ("effective_at" is null)),
	CONSTRAINT "legal_notices_planned" CHECK ("effective_at" >= "planned_at")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "agreements_running_key" ON "agreements" ("organization_id") WHERE "ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "deadlines_open_key" ON "deadlines" ("organization_id","clock","subject_id") WHERE "met_at" is null and "cancelled_at" is null;--> statement-breakpoint
CREATE INDEX "deadlines_next" ON "deadlines" ("next_at") WHERE "next_at" is not null;--> statement-breakpoint
CREATE INDEX "deadlines_due" ON "deadlines" ("organization_id","due_at") WHERE "met_at" is null and "cancelled_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "legal_notices_once" ON "legal_notices" ("organization_id","about","about_id");--> statement-breakpoint
CREATE INDEX "legal_notices_about" ON "legal_notices" ("about","about_id");--> statement-breakpoint
CREATE INDEX "legal_notices_waiting" ON "legal_notices" ("posted_at") WHERE "noticed_at" is null;--> statement-breakpoint
ALTER TABLE "agreements" ADD CONSTRAINT "agreements_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "deadlines" ADD CONSTRAINT "deadlines_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "legal_notices" ADD CONSTRAINT "legal_notices_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
INSERT INTO "agreements" ("organization_id", "number", "starts_at")
SELECT "id", 1, "starts_at" FROM (
	SELECT "id", least("first_use_at", (SELECT min("accepted_at") FROM "acceptances" WHERE "organization_id" = "organizations"."id" AND "binds")) AS "starts_at"
	FROM "organizations" WHERE "deleted_at" IS NULL
) AS "begun" WHERE "starts_at" IS NOT NULL;
