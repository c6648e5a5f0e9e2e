CREATE TABLE "held_contents" (
	"organization_id" text,
	"hold_id" text,
	"id" text,
	"hour" timestamp with time zone,
	"workspace_id" text NOT NULL,
	"request_ids" text[] NOT NULL,
	"sealed" bytea NOT NULL,
	CONSTRAINT "held_contents_pkey" PRIMARY KEY("organization_id","hold_id","hour","id")
);
--> statement-breakpoint
CREATE TABLE "holds" (
	"organization_id" text,
	"id" text,
	"workspace_id" text,
	"state" text NOT NULL,
	"classes" text[] NOT NULL,
	"ground" text NOT NULL,
	"reference" text NOT NULL,
	"words" text NOT NULL,
	"proposed_by" text NOT NULL,
	"proposed_at" timestamp with time zone NOT NULL,
	"approved_by" text,
	"started_at" timestamp with time zone,
	"review_on" date NOT NULL,
	"gag_until" timestamp with time zone,
	"gag_reference" text,
	"disclosed_at" timestamp with time zone,
	"ended_by" text,
	"ended_at" timestamp with time zone,
	"packs" integer DEFAULT 0 NOT NULL,
	"key" bytea,
	CONSTRAINT "holds_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "holds_by_two" CHECK (("started_at" is null) = ("approved_by" is null) and "approved_by" is distinct from "proposed_by"),
	CONSTRAINT "holds_started" CHECK (("state" in ('active', 'ended')) = ("started_at" is not null)),
	CONSTRAINT "holds_over" CHECK (("state" in ('dropped', 'ended')) = ("ended_at" is not null)),
	CONSTRAINT "holds_gag" CHECK (("gag_until" is null) = ("gag_reference" is null)),
	CONSTRAINT "holds_key" CHECK (("state" = 'active') = ("key" is not null)),
	CONSTRAINT "holds_told" CHECK ("state" <> 'ended' or "disclosed_at" is not null)
);
--> statement-breakpoint
CREATE INDEX "holds_open" ON "holds" ("proposed_at") WHERE "state" in ('proposed', 'active');--> statement-breakpoint
ALTER TABLE "held_contents" ADD CONSTRAINT "held_contents_3F55KfN0bzlB_fkey" FOREIGN KEY ("organization_id","hold_id") REFERENCES "holds"("organization_id","id");--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id");