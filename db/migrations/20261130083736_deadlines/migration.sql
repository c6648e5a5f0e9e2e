ALTER TABLE "deadlines" ADD COLUMN "broken_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deadlines" ADD COLUMN "untold" text;--> statement-breakpoint
CREATE INDEX "deadlines_untold" ON "deadlines" ("id") WHERE "untold" is not null;