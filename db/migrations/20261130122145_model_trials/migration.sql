CREATE TABLE "model_trials" (
	"organization_id" text,
	"id" text,
	"workspace_id" text NOT NULL,
	"model_id" text NOT NULL,
	"replacement" text NOT NULL,
	"better" integer NOT NULL,
	"same" integer NOT NULL,
	"worse" integer NOT NULL,
	"cost_pico" numeric(38,0) NOT NULL,
	"replacement_cost_pico" numeric(38,0) NOT NULL,
	"ms" integer NOT NULL,
	"replacement_ms" integer NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "model_trials_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE INDEX "model_trials_model" ON "model_trials" ("organization_id","workspace_id","model_id","id");