DROP INDEX "usage_events_workspace";--> statement-breakpoint
ALTER TABLE "usage_events" DROP CONSTRAINT "usage_events_pkey";--> statement-breakpoint
ALTER TABLE "usage_events" ADD PRIMARY KEY ("organization_id","workspace_id","id","at");