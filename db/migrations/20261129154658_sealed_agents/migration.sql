ALTER TABLE "agent_versions" DROP COLUMN "content";--> statement-breakpoint
ALTER TABLE "agents" DROP COLUMN "draft";