CREATE TABLE "file_reports" (
	"organization_id" text,
	"file_id" text,
	"sealed_report" bytea NOT NULL,
	CONSTRAINT "file_reports_pkey" PRIMARY KEY("organization_id","file_id")
);
--> statement-breakpoint
CREATE TABLE "file_uploads" (
	"organization_id" text,
	"id" text,
	"workspace_id" text NOT NULL,
	"created_by" text NOT NULL,
	"name" text NOT NULL,
	"purpose" text NOT NULL,
	"visibility" text NOT NULL,
	"expiry_hours" integer,
	"bytes" bigint NOT NULL,
	"offset" bigint DEFAULT 0 NOT NULL,
	"parts" text[] DEFAULT '{}'::text[] NOT NULL,
	"number" integer DEFAULT 0 NOT NULL,
	"key" bytea NOT NULL,
	"is_from_console" boolean NOT NULL,
	"good_lines" integer DEFAULT 0 NOT NULL,
	"bad_lines" integer DEFAULT 0 NOT NULL,
	"problems" integer DEFAULT 0 NOT NULL,
	"file_id" text,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "file_uploads_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "file_uploads_offset" CHECK ("offset" between 0 and "bytes")
);
--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "is_expiry_asked" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "is_draft" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "bad_lines" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "problems" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "tokens" bigint;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "is_tokens_estimate" boolean DEFAULT false NOT NULL;--> statement-breakpoint
UPDATE "files" SET "is_expiry_asked" = true WHERE "expires_at" IS NOT NULL;--> statement-breakpoint
UPDATE "files" SET "expires_at" = now() + interval '30 days' WHERE "expires_at" IS NULL;--> statement-breakpoint
ALTER TABLE "files" ALTER COLUMN "expires_at" SET NOT NULL;--> statement-breakpoint
DROP INDEX "files_expiry";--> statement-breakpoint
CREATE INDEX "files_expiry" ON "files" ("expires_at");--> statement-breakpoint
CREATE INDEX "file_uploads_expiry" ON "file_uploads" ("expires_at");--> statement-breakpoint
ALTER TABLE "file_reports" ADD CONSTRAINT "file_reports_YvPGa8HtekIN_fkey" FOREIGN KEY ("organization_id","file_id") REFERENCES "files"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "file_uploads" ADD CONSTRAINT "file_uploads_tfkVn8VyibNS_fkey" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "workspaces"("organization_id","id") ON DELETE CASCADE;