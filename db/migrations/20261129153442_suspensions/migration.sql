CREATE TABLE "suspensions" (
	"organization_id" text,
	"id" text,
	"state" text NOT NULL,
	"reason" text NOT NULL,
	"clause" text NOT NULL,
	"words" text NOT NULL,
	"request_ids" text[] NOT NULL,
	"imminent" text,
	"proposed_by" text NOT NULL,
	"proposed_at" timestamp with time zone NOT NULL,
	"confirmed_by" text,
	"started_at" timestamp with time zone,
	"review_on" date NOT NULL,
	"appeal" text,
	"appealed_by" text,
	"appealed_at" timestamp with time zone,
	"appeal_due_at" timestamp with time zone,
	"appeal_decision" text,
	"appeal_answer" text,
	"appeal_decided_by" text,
	"appeal_decided_at" timestamp with time zone,
	"ended_by" text,
	"ended_at" timestamp with time zone,
	"ended_words" text,
	CONSTRAINT "suspensions_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "suspensions_by_two" CHECK ("started_at" is null or "imminent" is not null or ("confirmed_by" is not null and "confirmed_by" <> "proposed_by")),
	CONSTRAINT "suspensions_started" CHECK ("state" not in ('active', 'lifted') or "started_at" is not null),
	CONSTRAINT "suspensions_ended" CHECK (("state" in ('dropped', 'lifted')) = ("ended_at" is not null and "ended_by" is not null)),
	CONSTRAINT "suspensions_appealed" CHECK (("appeal" is null) = ("appealed_at" is null) and ("appeal" is null) = ("appeal_due_at" is null)
        and ("appeal_decision" is null) = ("appeal_decided_at" is null)
        and ("appeal_decision" is null or ("appeal" is not null and "appeal_answer" is not null))),
	CONSTRAINT "suspensions_judged_by_another" CHECK ("appeal_decided_by" is null or ("appeal_decided_by" <> "proposed_by"
        and "appeal_decided_by" is distinct from "confirmed_by"))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "suspensions_open" ON "suspensions" ("organization_id") WHERE "state" in ('proposed', 'active');--> statement-breakpoint
CREATE INDEX "suspensions_desk" ON "suspensions" ("state","proposed_at");--> statement-breakpoint
ALTER TABLE "suspensions" ADD CONSTRAINT "suspensions_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;