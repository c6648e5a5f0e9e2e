ALTER TABLE "keys" ADD COLUMN "browser" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "web_origins" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
CREATE INDEX "keys_browser" ON "keys" ("organization_id") WHERE "browser";