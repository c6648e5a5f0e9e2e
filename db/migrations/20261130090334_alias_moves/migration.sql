CREATE TABLE "alias_moves" (
	"id" text PRIMARY KEY,
	"alias" text NOT NULL,
	"model_id" text NOT NULL,
	"before" text NOT NULL,
	"announced_at" timestamp with time zone NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"days" integer NOT NULL,
	"by" text NOT NULL,
	CONSTRAINT "alias_moves_days" CHECK ("days" >= 14 and "from_at" >= "announced_at" + "days" * interval '24 hours')
);
--> statement-breakpoint
CREATE INDEX "alias_moves_alias" ON "alias_moves" ("alias","announced_at");--> statement-breakpoint
ALTER TABLE "alias_moves" ADD CONSTRAINT "alias_moves_alias_model_aliases_alias_fkey" FOREIGN KEY ("alias") REFERENCES "model_aliases"("alias");--> statement-breakpoint
ALTER TABLE "alias_moves" ADD CONSTRAINT "alias_moves_model_id_models_id_fkey" FOREIGN KEY ("model_id") REFERENCES "models"("id");