CREATE TABLE "deletions" (
	"organization_id" text,
	"id" text,
	"kind" text NOT NULL,
	"target_id" text,
	"state" text NOT NULL,
	"requested_by" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"escalated" integer DEFAULT 0 NOT NULL,
	"done_at" timestamp with time zone,
	"done_by" text,
	"receipt_id" text,
	CONSTRAINT "deletions_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "deletions_done" CHECK (("state" = 'done') = ("done_at" is not null and "receipt_id" is not null)),
	CONSTRAINT "deletions_due" CHECK ("due_at" >= "received_at"),
	CONSTRAINT "deletions_target" CHECK (("kind" = 'agent') = ("target_id" is not null))
);
--> statement-breakpoint
CREATE INDEX "deletions_open" ON "deletions" ("due_at") WHERE "state" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "deletions_once" ON "deletions" ("organization_id","target_id") WHERE "state" = 'open';