ALTER TABLE "agent_versions" ALTER COLUMN "content" SET DATA TYPE json USING "content"::json;--> statement-breakpoint
ALTER TABLE "agents" ALTER COLUMN "draft" SET DATA TYPE json USING "draft"::json;--> statement-breakpoint
ALTER TABLE "conversations" ALTER COLUMN "settings" SET DATA TYPE json USING "settings"::json;