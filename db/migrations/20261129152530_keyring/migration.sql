CREATE TABLE "content_sums" (
	"organization_id" text,
	"workspace_id" text,
	"hour" timestamp with time zone,
	"requests" bigint NOT NULL,
	"bytes" bigint NOT NULL,
	CONSTRAINT "content_sums_pkey" PRIMARY KEY("organization_id","workspace_id","hour")
);
--> statement-breakpoint
CREATE TABLE "keyring_state" (
	"only" boolean PRIMARY KEY DEFAULT true,
	"keyring" text NOT NULL,
	"epoch" bigint NOT NULL,
	"content_ring" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "keyring_state_only" CHECK ("only")
);
--> statement-breakpoint
CREATE TABLE "scope_keys" (
	"organization_id" text,
	"workspace_id" text,
	"id" text NOT NULL,
	"ring" text NOT NULL,
	"wrapped" bytea NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "scope_keys_pkey" PRIMARY KEY("organization_id","workspace_id")
);
--> statement-breakpoint
ALTER TABLE "scope_keys" ADD CONSTRAINT "scope_keys_Wk76gTjVsjW2_fkey" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "workspaces"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
INSERT INTO "content_sums" ("organization_id", "workspace_id", "hour", "requests", "bytes")
SELECT "organization_id", "workspace_id", "hour", sum(cardinality("request_ids")), sum(length("sealed")) FROM "contents" GROUP BY 1, 2, 3;
