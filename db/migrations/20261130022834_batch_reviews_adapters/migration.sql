CREATE TABLE "batch_jobs" (
	"organization_id" text,
	"id" text,
	"workspace_id" text NOT NULL,
	"created_by" text NOT NULL,
	"key_id" text NOT NULL,
	"endpoint" text NOT NULL,
	"model" text,
	"agent_id" text,
	"metadata" jsonb,
	"timeout_hours" integer NOT NULL,
	"status" text NOT NULL,
	"input_files" jsonb NOT NULL,
	"output_file_id" text,
	"error_file_id" text,
	"output_hours" integer,
	"total_requests" integer NOT NULL,
	"succeeded_requests" integer DEFAULT 0 NOT NULL,
	"failed_requests" integer DEFAULT 0 NOT NULL,
	"errors" jsonb DEFAULT '{}' NOT NULL,
	"prompt_tokens" bigint DEFAULT 0 NOT NULL,
	"cached_tokens" bigint DEFAULT 0 NOT NULL,
	"completion_tokens" bigint DEFAULT 0 NOT NULL,
	"cost_pico" numeric(38,0) DEFAULT '0' NOT NULL,
	"failure" text,
	"waits_for" text,
	"wait_told_at" timestamp with time zone,
	"key" bytea,
	"next_file" integer DEFAULT 0 NOT NULL,
	"next_byte" bigint DEFAULT 0 NOT NULL,
	"lines_read" integer DEFAULT 0 NOT NULL,
	"claim_number" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"cancel_asked_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "batch_jobs_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "batch_jobs_ended" CHECK (("ended_at" is not null) = ("status" in ('SUCCESS', 'FAILED', 'TIMEOUT_EXCEEDED', 'CANCELLED'))),
	CONSTRAINT "batch_jobs_claimed" CHECK ("ended_at" is null or "lease_until" is null)
);
--> statement-breakpoint
CREATE TABLE "batch_requests" (
	"organization_id" text,
	"job_id" text,
	"line" integer,
	"file" integer NOT NULL,
	"first_byte" bigint NOT NULL,
	"bytes" integer NOT NULL,
	"custom_hash" bytea,
	"request_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 1 NOT NULL,
	"state" text NOT NULL,
	"sealed_result" bytea,
	CONSTRAINT "batch_requests_pkey" PRIMARY KEY("organization_id","job_id","line")
);
--> statement-breakpoint
CREATE TABLE "tuned_model_servers" (
	"organization_id" text,
	"adapter" text,
	"upstream" text,
	"replica" integer,
	"model_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"state" text NOT NULL,
	"problem" text,
	"changed_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone,
	"named_at" timestamp with time zone,
	CONSTRAINT "tuned_model_servers_pkey" PRIMARY KEY("organization_id","adapter","upstream","replica")
);
--> statement-breakpoint
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
ALTER TABLE "tuned_models" ADD COLUMN "upstreams" text[];--> statement-breakpoint
ALTER TABLE "tuning_jobs" ADD COLUMN "verdict" jsonb;--> statement-breakpoint
CREATE INDEX "batch_jobs_workspace" ON "batch_jobs" ("organization_id","workspace_id","id");--> statement-breakpoint
CREATE INDEX "batch_jobs_active" ON "batch_jobs" ("lease_until") WHERE "ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "batch_requests_custom" ON "batch_requests" ("organization_id","job_id","custom_hash");--> statement-breakpoint
CREATE INDEX "batch_requests_open" ON "batch_requests" ("organization_id","job_id") WHERE "state" = 'asked';--> statement-breakpoint
CREATE INDEX "tuned_model_servers_model" ON "tuned_model_servers" ("organization_id","model_id");--> statement-breakpoint
CREATE INDEX "tuning_reviews_pending" ON "tuning_reviews" ("at") WHERE "state" = 'pending';--> statement-breakpoint
ALTER TABLE "batch_jobs" ADD CONSTRAINT "batch_jobs_Wk6ZLB3KuyEM_fkey" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "workspaces"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "batch_requests" ADD CONSTRAINT "batch_requests_PAPQPQ0H9ay7_fkey" FOREIGN KEY ("organization_id","job_id") REFERENCES "batch_jobs"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tuning_reviews" ADD CONSTRAINT "tuning_reviews_SrxCUTki4534_fkey" FOREIGN KEY ("organization_id","job_id") REFERENCES "tuning_jobs"("organization_id","id") ON DELETE CASCADE;