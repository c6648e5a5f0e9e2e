CREATE TABLE "job_runs" (
	"name" text PRIMARY KEY,
	"schedule" text NOT NULL,
	"every_minutes" integer NOT NULL,
	"known_since" timestamp with time zone NOT NULL,
	"succeeded_at" timestamp with time zone,
	"failed_at" timestamp with time zone,
	"failure" text,
	"runs" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
-- Staff see how scheduled work goes; what customers ask for never reads it.
GRANT SELECT ON "job_runs" TO comptoir_tenant;
