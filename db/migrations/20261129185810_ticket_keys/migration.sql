ALTER TABLE "ticket_files" ADD COLUMN "key" bytea;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "key" bytea;