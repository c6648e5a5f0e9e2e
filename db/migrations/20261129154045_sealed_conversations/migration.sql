ALTER TABLE "conversations" DROP COLUMN "name";--> statement-breakpoint
ALTER TABLE "conversations" DROP COLUMN "description";--> statement-breakpoint
ALTER TABLE "conversations" DROP COLUMN "metadata";--> statement-breakpoint
ALTER TABLE "conversations" DROP COLUMN "settings";