ALTER TABLE "acceptances" ADD COLUMN "binds" boolean NOT NULL;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "template_sha256" text NOT NULL;