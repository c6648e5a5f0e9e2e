CREATE TABLE "model_reminders" (
	"organization_id" text,
	"change_id" text,
	"days" integer,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "model_reminders_pkey" PRIMARY KEY("organization_id","change_id","days")
);
--> statement-breakpoint
CREATE TABLE "model_uses" (
	"organization_id" text,
	"model_id" text,
	"day" date,
	"workspace_id" text,
	"key_id" text,
	"agent_id" text,
	"requested_model" text,
	"requests" integer NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "model_uses_pkey" PRIMARY KEY("organization_id","model_id","day","workspace_id","key_id","agent_id","requested_model")
);
--> statement-breakpoint
ALTER TABLE "model_changes" ADD COLUMN "uses_rolled_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "model_reminders" ADD CONSTRAINT "model_reminders_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "model_reminders" ADD CONSTRAINT "model_reminders_change_id_model_changes_id_fkey" FOREIGN KEY ("change_id") REFERENCES "model_changes"("id");--> statement-breakpoint
ALTER TABLE "model_uses" ADD CONSTRAINT "model_uses_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;