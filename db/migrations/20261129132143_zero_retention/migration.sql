ALTER TABLE "workspaces" ADD COLUMN "zero_retention_since" timestamp with time zone;--> statement-breakpoint
-- The content log gets a table for each hour. What is there stays in one of its own until its thirty days are over.
DROP INDEX "contents_purge";--> statement-breakpoint
ALTER TABLE "contents" RENAME TO "contents_before";--> statement-breakpoint
ALTER TABLE "contents_before" RENAME CONSTRAINT "contents_pkey" TO "contents_before_old_pkey";--> statement-breakpoint
ALTER TABLE "contents_before" ADD COLUMN "hour" timestamp with time zone;--> statement-breakpoint
UPDATE "contents_before" SET "hour" = date_trunc('hour', "first_at", 'UTC');--> statement-breakpoint
ALTER TABLE "contents_before" DROP COLUMN "first_at";--> statement-breakpoint
ALTER TABLE "contents_before" DROP COLUMN "purge_at";--> statement-breakpoint
ALTER TABLE "contents_before" DROP CONSTRAINT "contents_before_old_pkey";--> statement-breakpoint
DROP POLICY IF EXISTS "tenant" ON "contents_before";--> statement-breakpoint
REVOKE ALL ON "contents_before" FROM "comptoir_tenant";--> statement-breakpoint
CREATE TABLE "contents" (
	"organization_id" text,
	"hour" timestamp with time zone,
	"id" text,
	"workspace_id" text NOT NULL,
	"request_ids" text[] NOT NULL,
	"training_eligible" boolean NOT NULL,
	"sealed" bytea NOT NULL,
	CONSTRAINT "contents_pkey" PRIMARY KEY("organization_id","hour","id")
) PARTITION BY RANGE ("hour");--> statement-breakpoint
-- Sealed bytes cannot be packed any further.
ALTER TABLE "contents" ALTER COLUMN "sealed" SET STORAGE EXTERNAL;--> statement-breakpoint
DO $$
BEGIN
  IF EXISTS (SELECT FROM contents_before) THEN
    EXECUTE format('ALTER TABLE contents ATTACH PARTITION contents_before FOR VALUES FROM (MINVALUE) TO (%L)',
      greatest(date_trunc('hour', now(), 'UTC'), (SELECT max(hour) FROM contents_before)) + interval '1 hour');
  ELSE
    DROP TABLE contents_before;
  END IF;
END $$;
