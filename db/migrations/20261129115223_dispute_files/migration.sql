CREATE TABLE "dispute_files" (
	"organization_id" text,
	"id" text,
	"dispute_id" text NOT NULL,
	"message_id" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"size" integer NOT NULL,
	"sha256" text NOT NULL,
	CONSTRAINT "dispute_files_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "dispute_files_size" CHECK ("size" > 0)
);
--> statement-breakpoint
ALTER TABLE "dispute_messages" DROP COLUMN "attachment";--> statement-breakpoint
CREATE INDEX "dispute_files_dispute" ON "dispute_files" ("organization_id","dispute_id");--> statement-breakpoint
ALTER TABLE "dispute_files" ADD CONSTRAINT "dispute_files_vNZgKKBnx0y2_fkey" FOREIGN KEY ("organization_id","message_id") REFERENCES "dispute_messages"("organization_id","id");