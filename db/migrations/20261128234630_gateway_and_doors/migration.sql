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
ALTER TABLE "usage_events" ADD COLUMN "estimated" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE TABLE "departures" (
	"organization_id" text,
	"user_id" text,
	"left_at" timestamp with time zone NOT NULL,
	CONSTRAINT "departures_pkey" PRIMARY KEY("organization_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "secret_checks" (
	"name" text PRIMARY KEY,
	"value" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER INDEX "agents_skeleton_key" RENAME TO "agents_likeness_key";--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "device_id" text;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "name" text;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "organization" text;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "deleted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "keys" ADD COLUMN "root_id" text;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "deleted_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "audit_events_at" ON "audit_events" ("organization_id","at","sequence");--> statement-breakpoint
CREATE INDEX "keys_root" ON "keys" ("organization_id","root_id") WHERE "root_id" is not null;--> statement-breakpoint
CREATE INDEX "departures_left" ON "departures" ("left_at");--> statement-breakpoint
ALTER TABLE "departures" ADD CONSTRAINT "departures_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
WITH RECURSIVE chain AS (
  SELECT organization_id, id, id AS root_id, successor_id FROM keys AS first WHERE successor_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM keys AS before WHERE before.organization_id = first.organization_id AND before.successor_id = first.id)
  UNION SELECT keys.organization_id, keys.id, chain.root_id, keys.successor_id FROM chain
    JOIN keys ON keys.organization_id = chain.organization_id AND keys.id = chain.successor_id
) UPDATE keys SET root_id = chain.root_id FROM chain
  WHERE keys.organization_id = chain.organization_id AND keys.id = chain.id AND chain.id <> chain.root_id;
