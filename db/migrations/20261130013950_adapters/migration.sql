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
ALTER TABLE "tuned_models" ADD COLUMN "upstreams" text[];--> statement-breakpoint
CREATE INDEX "tuned_model_servers_model" ON "tuned_model_servers" ("organization_id","model_id");