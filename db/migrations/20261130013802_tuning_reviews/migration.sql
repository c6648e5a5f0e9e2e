CREATE TABLE "tuning_reviews" (
	"organization_id" text,
	"job_id" text,
	"step" integer,
	"state" text NOT NULL,
	"is_awaited" boolean NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	"figures" jsonb,
	"sealed_prompts" bytea,
	"problem" text,
	"at" timestamp with time zone NOT NULL,
	"made_at" timestamp with time zone,
	CONSTRAINT "tuning_reviews_pkey" PRIMARY KEY("organization_id","job_id","step"),
	CONSTRAINT "tuning_reviews_ready" CHECK (("state" = 'ready') = ("figures" is not null))
);
--> statement-breakpoint
ALTER TABLE "tuning_jobs" ADD COLUMN "verdict" jsonb;--> statement-breakpoint
CREATE INDEX "tuning_reviews_pending" ON "tuning_reviews" ("at") WHERE "state" = 'pending';--> statement-breakpoint
ALTER TABLE "tuning_reviews" ADD CONSTRAINT "tuning_reviews_SrxCUTki4534_fkey" FOREIGN KEY ("organization_id","job_id") REFERENCES "tuning_jobs"("organization_id","id") ON DELETE CASCADE;