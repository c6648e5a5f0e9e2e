ALTER TABLE "agent_versions" ADD COLUMN "sealed" bytea;--> statement-breakpoint
ALTER TABLE "agent_versions" ADD COLUMN "unsealed" json;--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "key" bytea;--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "sealed_draft" bytea;--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "unsealed" json;--> statement-breakpoint
ALTER TABLE "agent_versions" ALTER COLUMN "content" DROP NOT NULL;--> statement-breakpoint
-- What they say is sealed at the next start, and then nothing of it is left here.
UPDATE "agent_versions" SET "unsealed" = "content";--> statement-breakpoint
UPDATE "agents" SET "unsealed" = "draft";--> statement-breakpoint
ALTER TABLE "agents" DROP CONSTRAINT "agents_answerable", ADD CONSTRAINT "agents_answerable" CHECK ("version" is not null or "sealed_draft" is not null or "unsealed" is not null);