CREATE TABLE "blobs" (
	"organization_id" text,
	"id" text,
	"sha256" text NOT NULL,
	"bytes" bigint NOT NULL,
	"key" bytea,
	"line_ends" integer[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "blobs_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "blobs_bytes" CHECK ("bytes" > 0)
);
--> statement-breakpoint
CREATE TABLE "files" (
	"organization_id" text,
	"id" text,
	"workspace_id" text NOT NULL,
	"blob_id" text NOT NULL,
	"name" text NOT NULL,
	"purpose" text NOT NULL,
	"sample_type" text NOT NULL,
	"source" text NOT NULL,
	"visibility" text NOT NULL,
	"bytes" bigint NOT NULL,
	"lines" integer,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	CONSTRAINT "files_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "files_bytes" CHECK ("bytes" > 0),
	CONSTRAINT "files_lines" CHECK ("lines" > 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "blobs_content" ON "blobs" ("organization_id","sha256") WHERE "key" is not null;--> statement-breakpoint
CREATE INDEX "files_workspace" ON "files" ("organization_id","workspace_id","id");--> statement-breakpoint
CREATE INDEX "files_blob" ON "files" ("organization_id","blob_id");--> statement-breakpoint
CREATE INDEX "files_expiry" ON "files" ("expires_at") WHERE "expires_at" is not null;--> statement-breakpoint
ALTER TABLE "blobs" ADD CONSTRAINT "blobs_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id");--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_vjKJDHzOfQfW_fkey" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "workspaces"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_organization_id_blob_id_blobs_organization_id_id_fkey" FOREIGN KEY ("organization_id","blob_id") REFERENCES "blobs"("organization_id","id");