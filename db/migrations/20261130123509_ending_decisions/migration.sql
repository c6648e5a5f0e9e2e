CREATE TABLE "ending_decisions" (
	"organization_id" text,
	"id" text,
	"agreement_number" integer NOT NULL,
	"kind" text NOT NULL,
	"side" text,
	"words" text NOT NULL,
	"ends_at" timestamp with time zone,
	"proposed_by" text NOT NULL,
	"proposed_at" timestamp with time zone NOT NULL,
	"confirmed_by" text,
	"confirmed_at" timestamp with time zone,
	"dropped_at" timestamp with time zone,
	CONSTRAINT "ending_decisions_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "ending_decisions_side" CHECK (("kind" = 'end') = ("side" is not null)),
	CONSTRAINT "ending_decisions_outcome" CHECK ("confirmed_at" is null or "dropped_at" is null)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "ending_decisions_open_key" ON "ending_decisions" ("organization_id") WHERE "confirmed_at" is null and "dropped_at" is null;--> statement-breakpoint
ALTER TABLE "ending_decisions" ADD CONSTRAINT "ending_decisions_5fdqBkWnK7cI_fkey" FOREIGN KEY ("organization_id","agreement_number") REFERENCES "agreements"("organization_id","number") ON DELETE CASCADE;