ALTER TABLE "conversations" ADD COLUMN "key" bytea;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "about" bytea;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "setup" bytea;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "unsealed" json;--> statement-breakpoint
-- What they say is sealed at the next start, and then nothing of it is left here.
UPDATE "conversations" SET "unsealed" = json_build_object('name', "name", 'description', "description", 'metadata', "metadata", 'settings', "settings");
