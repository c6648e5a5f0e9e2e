CREATE TABLE "model_changes" (
	"id" text PRIMARY KEY,
	"model_id" text NOT NULL,
	"announced_at" timestamp with time zone NOT NULL,
	"retires_at" timestamp with time zone NOT NULL,
	"replacement" text NOT NULL,
	"reason" text NOT NULL,
	"by" text NOT NULL,
	"second_by" text,
	"retired_at" timestamp with time zone,
	CONSTRAINT "model_changes_six_months" CHECK ("retires_at" >= (("announced_at" at time zone 'UTC') + interval '6 months') at time zone 'UTC'),
	CONSTRAINT "model_changes_retired" CHECK ("retired_at" >= "retires_at"),
	CONSTRAINT "model_changes_replacement" CHECK ("replacement" <> "model_id"),
	CONSTRAINT "model_changes_two" CHECK ("second_by" <> "by")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "model_changes_open_key" ON "model_changes" ("model_id") WHERE "retired_at" is null;--> statement-breakpoint
ALTER TABLE "model_changes" ADD CONSTRAINT "model_changes_model_id_models_id_fkey" FOREIGN KEY ("model_id") REFERENCES "models"("id");--> statement-breakpoint
ALTER TABLE "model_changes" ADD CONSTRAINT "model_changes_replacement_models_id_fkey" FOREIGN KEY ("replacement") REFERENCES "models"("id");