CREATE TABLE "bundles" (
	"organization_id" text,
	"id" text,
	"state" text NOT NULL,
	"requested_by" text NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"ready_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"key" bytea,
	"place" text,
	"bytes" bigint,
	"files" integer,
	"sha256" text,
	"downloads" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "bundles_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "bundles_ready" CHECK ("state" <> 'ready' or ("key" is not null and "sha256" is not null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "bundles_queued_key" ON "bundles" ("organization_id") WHERE "state" = 'queued';--> statement-breakpoint
CREATE INDEX "bundles_expiring" ON "bundles" ("expires_at") WHERE "state" = 'ready';--> statement-breakpoint
ALTER TABLE "bundles" ADD CONSTRAINT "bundles_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;