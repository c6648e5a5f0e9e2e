CREATE TABLE "model_transfers" (
	"organization_id" text,
	"id" text,
	"model_id" text NOT NULL,
	"distributor" text NOT NULL,
	"until" date NOT NULL,
	"signed_by" text NOT NULL,
	"signed_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"executed_by" text,
	"executed_at" timestamp with time zone,
	CONSTRAINT "model_transfers_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "model_transfers_once" CHECK ("revoked_at" is null or "executed_at" is null)
);
--> statement-breakpoint
CREATE TABLE "storage_days" (
	"organization_id" text,
	"model_id" text,
	"day" date,
	"workspace_id" text NOT NULL,
	"cost_pico" numeric(38,0) NOT NULL,
	"waived_pico" numeric(38,0) NOT NULL,
	"event_id" text,
	CONSTRAINT "storage_days_pkey" PRIMARY KEY("organization_id","model_id","day")
);
--> statement-breakpoint
CREATE TABLE "tuned_model_grants" (
	"organization_id" text,
	"model_id" text,
	"subject_kind" text NOT NULL,
	"subject_id" text,
	"level" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "tuned_model_grants_pkey" PRIMARY KEY("organization_id","model_id","subject_id")
);
--> statement-breakpoint
CREATE TABLE "tuned_models" (
	"organization_id" text,
	"id" text,
	"workspace_id" text NOT NULL,
	"owner_id" text NOT NULL,
	"visibility" text NOT NULL,
	"job_id" text NOT NULL,
	"step" integer NOT NULL,
	"root" text NOT NULL,
	"model" text NOT NULL,
	"kind" text NOT NULL,
	"blob_id" text,
	"upstream_model" text,
	"name" text,
	"description" text,
	"state" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "tuned_models_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "trainers" (
	"id" text PRIMARY KEY,
	"name" text NOT NULL,
	"models" text[] NOT NULL,
	"token_hash" text NOT NULL,
	"token_end" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"seen_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "tuning_checkpoints" (
	"organization_id" text,
	"job_id" text,
	"step" integer,
	"sha256" text NOT NULL,
	"blob_id" text,
	"upstream_name" text,
	"train_loss" double precision,
	"valid_loss" double precision,
	"accuracy" double precision,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "tuning_checkpoints_pkey" PRIMARY KEY("organization_id","job_id","step")
);
--> statement-breakpoint
CREATE TABLE "tuning_claims" (
	"organization_id" text,
	"id" text,
	"job_id" text NOT NULL,
	"number" integer NOT NULL,
	"kind" text NOT NULL,
	"trainer_id" text,
	"from_step" integer NOT NULL,
	"lease_until" timestamp with time zone NOT NULL,
	"claimed_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"outcome" text,
	"upstream" jsonb,
	CONSTRAINT "tuning_claims_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "tuning_events" (
	"organization_id" text,
	"job_id" text,
	"sequence" bigint,
	"name" text NOT NULL,
	"data" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "tuning_events_pkey" PRIMARY KEY("organization_id","job_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "tuning_jobs" (
	"organization_id" text,
	"id" text,
	"workspace_id" text NOT NULL,
	"created_by" text NOT NULL,
	"key_id" text,
	"requested_model" text NOT NULL,
	"model" text NOT NULL,
	"status" text NOT NULL,
	"auto_start" boolean NOT NULL,
	"suffix" text,
	"trainer_kind" text NOT NULL,
	"training_files" jsonb NOT NULL,
	"validation_files" jsonb NOT NULL,
	"hyperparameters" jsonb NOT NULL,
	"seed" bigint NOT NULL,
	"skip_share" double precision NOT NULL,
	"fingerprint" text NOT NULL,
	"extent" jsonb,
	"training_micros" bigint,
	"minimum_pico" numeric(38,0),
	"quote_pico" numeric(38,0),
	"lessee_id" text,
	"held_month" date,
	"trained_steps" integer DEFAULT 0 NOT NULL,
	"trained_tokens" bigint DEFAULT 0 NOT NULL,
	"charged_pico" numeric(38,0) DEFAULT '0' NOT NULL,
	"waived_pico" numeric(38,0) DEFAULT '0' NOT NULL,
	"stop_asked_at" timestamp with time zone,
	"tuned_model_id" text,
	"failure" jsonb,
	"warnings" jsonb DEFAULT '[]' NOT NULL,
	"key" bytea,
	"created_at" timestamp with time zone NOT NULL,
	"modified_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"running_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "tuning_jobs_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "tuning_jobs_ended" CHECK (("ended_at" is not null) = ("status" in ('SUCCESS', 'FAILED', 'FAILED_VALIDATION', 'CANCELLED'))),
	CONSTRAINT "tuning_jobs_held" CHECK (("lessee_id" is not null) = ("status" in ('STARTED', 'RUNNING', 'CANCELLATION_REQUESTED'))),
	CONSTRAINT "tuning_jobs_model" CHECK ("tuned_model_id" is null or "status" = 'SUCCESS')
);
--> statement-breakpoint
CREATE TABLE "tuning_logs" (
	"organization_id" text,
	"job_id" text,
	"sequence" bigint,
	"level" text NOT NULL,
	"sealed_text" bytea NOT NULL,
	"bytes" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "tuning_logs_pkey" PRIMARY KEY("organization_id","job_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "tuning_points" (
	"organization_id" text,
	"job_id" text,
	"step" integer,
	"train_loss" double precision,
	"valid_loss" double precision,
	"accuracy" double precision,
	"learning_rate" double precision,
	"tokens" bigint,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "tuning_points_pkey" PRIMARY KEY("organization_id","job_id","step")
);
--> statement-breakpoint
CREATE TABLE "tuning_segments" (
	"organization_id" text,
	"job_id" text,
	"after_step" integer NOT NULL,
	"last_step" integer,
	"tokens" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"event_id" text,
	CONSTRAINT "tuning_segments_pkey" PRIMARY KEY("organization_id","job_id","last_step"),
	CONSTRAINT "tuning_segments_forward" CHECK ("last_step" > "after_step" and "tokens" >= 0)
);
--> statement-breakpoint
CREATE INDEX "tuned_model_grants_subject" ON "tuned_model_grants" ("organization_id","subject_id");--> statement-breakpoint
CREATE UNIQUE INDEX "tuned_models_name" ON "tuned_models" ("id");--> statement-breakpoint
CREATE INDEX "tuned_models_workspace" ON "tuned_models" ("organization_id","workspace_id","created_at");--> statement-breakpoint
CREATE INDEX "tuned_models_blob" ON "tuned_models" ("organization_id","blob_id");--> statement-breakpoint
CREATE UNIQUE INDEX "trainers_token" ON "trainers" ("token_hash");--> statement-breakpoint
CREATE INDEX "tuning_checkpoints_blob" ON "tuning_checkpoints" ("organization_id","blob_id");--> statement-breakpoint
CREATE UNIQUE INDEX "tuning_claims_number" ON "tuning_claims" ("organization_id","job_id","number");--> statement-breakpoint
CREATE INDEX "tuning_claims_open" ON "tuning_claims" ("lease_until") WHERE "ended_at" is null;--> statement-breakpoint
CREATE INDEX "tuning_jobs_workspace" ON "tuning_jobs" ("organization_id","workspace_id","id");--> statement-breakpoint
CREATE INDEX "tuning_jobs_line" ON "tuning_jobs" ("trainer_kind","started_at") WHERE "ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "tuning_jobs_alike" ON "tuning_jobs" ("organization_id","fingerprint") WHERE "ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "tuning_segments_after" ON "tuning_segments" ("organization_id","job_id","after_step");--> statement-breakpoint
ALTER TABLE "model_transfers" ADD CONSTRAINT "model_transfers_fuNXDmMPD9Zu_fkey" FOREIGN KEY ("organization_id","model_id") REFERENCES "tuned_models"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tuned_model_grants" ADD CONSTRAINT "tuned_model_grants_r3QTBMvPFOtM_fkey" FOREIGN KEY ("organization_id","model_id") REFERENCES "tuned_models"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tuned_models" ADD CONSTRAINT "tuned_models_th1cAX1D8520_fkey" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "workspaces"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tuned_models" ADD CONSTRAINT "tuned_models_qF0i63Vd9Bbi_fkey" FOREIGN KEY ("organization_id","blob_id") REFERENCES "blobs"("organization_id","id");--> statement-breakpoint
ALTER TABLE "tuning_checkpoints" ADD CONSTRAINT "tuning_checkpoints_N2mDHGzO2wXa_fkey" FOREIGN KEY ("organization_id","job_id") REFERENCES "tuning_jobs"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tuning_checkpoints" ADD CONSTRAINT "tuning_checkpoints_kOWlM7pPms6E_fkey" FOREIGN KEY ("organization_id","blob_id") REFERENCES "blobs"("organization_id","id");--> statement-breakpoint
ALTER TABLE "tuning_claims" ADD CONSTRAINT "tuning_claims_trainer_id_trainers_id_fkey" FOREIGN KEY ("trainer_id") REFERENCES "trainers"("id");--> statement-breakpoint
ALTER TABLE "tuning_claims" ADD CONSTRAINT "tuning_claims_K3btp3Jw8Roq_fkey" FOREIGN KEY ("organization_id","job_id") REFERENCES "tuning_jobs"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tuning_events" ADD CONSTRAINT "tuning_events_Ljy5D74EoBEG_fkey" FOREIGN KEY ("organization_id","job_id") REFERENCES "tuning_jobs"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tuning_jobs" ADD CONSTRAINT "tuning_jobs_lessee_id_lessees_id_fkey" FOREIGN KEY ("lessee_id") REFERENCES "lessees"("id");--> statement-breakpoint
ALTER TABLE "tuning_jobs" ADD CONSTRAINT "tuning_jobs_RbYNGGcnAohV_fkey" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "workspaces"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tuning_logs" ADD CONSTRAINT "tuning_logs_WZvTIqXsQ68i_fkey" FOREIGN KEY ("organization_id","job_id") REFERENCES "tuning_jobs"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tuning_points" ADD CONSTRAINT "tuning_points_Ljz292vsY4qu_fkey" FOREIGN KEY ("organization_id","job_id") REFERENCES "tuning_jobs"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tuning_segments" ADD CONSTRAINT "tuning_segments_GHFmf5e5516j_fkey" FOREIGN KEY ("organization_id","job_id") REFERENCES "tuning_jobs"("organization_id","id") ON DELETE CASCADE;