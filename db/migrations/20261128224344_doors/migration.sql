ALTER INDEX "agents_skeleton_key" RENAME TO "agents_likeness_key";--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "device_id" text;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "name" text;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "organization" text;