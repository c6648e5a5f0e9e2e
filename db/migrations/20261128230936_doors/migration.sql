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
ALTER TABLE "keys" ADD COLUMN "root_id" text;--> statement-breakpoint
CREATE INDEX "audit_events_at" ON "audit_events" ("organization_id","at","sequence");--> statement-breakpoint
CREATE INDEX "keys_root" ON "keys" ("organization_id","root_id") WHERE "root_id" is not null;--> statement-breakpoint
WITH RECURSIVE chain AS (
  SELECT organization_id, id, id AS root_id, successor_id FROM keys AS first WHERE successor_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM keys AS before WHERE before.organization_id = first.organization_id AND before.successor_id = first.id)
  UNION SELECT keys.organization_id, keys.id, chain.root_id, keys.successor_id FROM chain
    JOIN keys ON keys.organization_id = chain.organization_id AND keys.id = chain.successor_id
) UPDATE keys SET root_id = chain.root_id FROM chain
  WHERE keys.organization_id = chain.organization_id AND keys.id = chain.id AND chain.id <> chain.root_id;
