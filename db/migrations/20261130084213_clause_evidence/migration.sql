CREATE TABLE "clause_evidence" (
	"organization_id" text,
	"clause" text,
	"sequence" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"action" text NOT NULL,
	"object_type" text NOT NULL,
	"object_id" text NOT NULL,
	"actor_name" text NOT NULL,
	CONSTRAINT "clause_evidence_pkey" PRIMARY KEY("organization_id","clause")
);

--> statement-breakpoint
-- Written by hand: the evidence of what the log already has.
INSERT INTO "clause_evidence" ("organization_id", "clause", "sequence", "at", "action", "object_type", "object_id", "actor_name")
SELECT DISTINCT ON ("organization_id", "clause") "organization_id", "clause", "sequence", "at", "action", "object_type", "object_id", "actor_name"
FROM "audit_events" WHERE "clause" IS NOT NULL ORDER BY "organization_id", "clause", "sequence" DESC;
