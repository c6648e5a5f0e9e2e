CREATE TABLE "responses" (
	"organization_id" text,
	"id" text,
	"conversation_id" text NOT NULL,
	"previous_id" text,
	"sealed" bytea NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "responses_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE INDEX "conversation_entries_id" ON "conversation_entries" ("organization_id","id");--> statement-breakpoint
CREATE INDEX "responses_conversation" ON "responses" ("organization_id","conversation_id");--> statement-breakpoint
CREATE INDEX "responses_previous" ON "responses" ("organization_id","previous_id");--> statement-breakpoint
ALTER TABLE "responses" ADD CONSTRAINT "responses_ezQiCbk17BzZ_fkey" FOREIGN KEY ("organization_id","conversation_id") REFERENCES "conversations"("organization_id","id") ON DELETE CASCADE;