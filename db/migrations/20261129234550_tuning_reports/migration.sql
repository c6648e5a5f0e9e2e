ALTER TABLE "tuning_integrations" ADD COLUMN "path" text;--> statement-breakpoint
ALTER TABLE "tuning_integrations" ADD COLUMN "sent_lines" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "tuning_integrations" ADD COLUMN "sent_step" integer DEFAULT -1 NOT NULL;--> statement-breakpoint
ALTER TABLE "tuning_integrations" ADD COLUMN "sending" jsonb;--> statement-breakpoint
ALTER TABLE "tuning_integrations" ADD COLUMN "failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "tuning_integrations" ADD COLUMN "next_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tuning_integrations" ADD COLUMN "closed_at" timestamp with time zone;