ALTER TABLE "models" DROP COLUMN "deprecated_at";--> statement-breakpoint
ALTER TABLE "models" DROP COLUMN "retires_at";--> statement-breakpoint
ALTER TABLE "models" DROP COLUMN "replacement";