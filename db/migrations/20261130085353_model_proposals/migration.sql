CREATE TABLE "model_proposals" (
	"model_id" text PRIMARY KEY,
	"id" text NOT NULL,
	"retires_at" timestamp with time zone NOT NULL,
	"replacement" text NOT NULL,
	"reason" text NOT NULL,
	"by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "model_proposals" ADD CONSTRAINT "model_proposals_model_id_models_id_fkey" FOREIGN KEY ("model_id") REFERENCES "models"("id");--> statement-breakpoint
ALTER TABLE "model_proposals" ADD CONSTRAINT "model_proposals_replacement_models_id_fkey" FOREIGN KEY ("replacement") REFERENCES "models"("id");