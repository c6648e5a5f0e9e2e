CREATE TABLE "incident_updates" (
	"incident_id" text,
	"number" integer,
	"state" text NOT NULL,
	"words" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by" text,
	CONSTRAINT "incident_updates_pkey" PRIMARY KEY("incident_id","number")
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" text PRIMARY KEY,
	"title" text NOT NULL,
	"impact" text NOT NULL,
	"components" text[] NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone,
	"created_by" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "incidents_period" CHECK ("resolved_at" >= "started_at")
);
--> statement-breakpoint
CREATE TABLE "maintenances" (
	"id" text PRIMARY KEY,
	"title" text NOT NULL,
	"words" text NOT NULL,
	"components" text[] NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"told_at" timestamp with time zone,
	"cancelled_at" timestamp with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "maintenances_period" CHECK ("ends_at" > "starts_at")
);
--> statement-breakpoint
CREATE TABLE "status_beats" (
	"at" timestamp with time zone PRIMARY KEY
);
--> statement-breakpoint
CREATE TABLE "status_days" (
	"component" text,
	"day" date,
	"up_ms" bigint NOT NULL,
	"degraded_ms" bigint NOT NULL,
	"down_ms" bigint NOT NULL,
	"excluded_ms" bigint NOT NULL,
	"unknown_ms" bigint NOT NULL,
	CONSTRAINT "status_days_pkey" PRIMARY KEY("component","day")
);
--> statement-breakpoint
CREATE TABLE "status_samples" (
	"component" text,
	"at" timestamp with time zone,
	"state" text NOT NULL,
	"ms" integer NOT NULL,
	CONSTRAINT "status_samples_pkey" PRIMARY KEY("component","at")
);
--> statement-breakpoint
CREATE INDEX "incidents_started" ON "incidents" ("started_at");--> statement-breakpoint
CREATE INDEX "maintenances_starts" ON "maintenances" ("starts_at");--> statement-breakpoint
CREATE INDEX "status_samples_at" ON "status_samples" ("at");--> statement-breakpoint
ALTER TABLE "incident_updates" ADD CONSTRAINT "incident_updates_incident_id_incidents_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incidents"("id");