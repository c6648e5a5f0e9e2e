CREATE TABLE "upstream_states" (
	"process_id" text,
	"upstream" text,
	"model" text,
	"state" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"reason" text,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "upstream_states_pkey" PRIMARY KEY("process_id","upstream","model")
);
--> statement-breakpoint
GRANT SELECT ON "upstream_states" TO comptoir_tenant;--> statement-breakpoint
-- What is in the journal has the columns of before. A fresh database has no functions yet, and no lessees either.
DO $$ BEGIN
  IF EXISTS (SELECT FROM lessees) THEN PERFORM settle_journal(id) FROM lessees; END IF;
END $$;
--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "estimated" boolean DEFAULT false NOT NULL;
