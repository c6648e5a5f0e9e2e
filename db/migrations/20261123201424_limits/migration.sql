CREATE TABLE "leases" (
	"organization_id" text,
	"month" date,
	"scope" text,
	"scope_id" text,
	"lessee_id" text,
	"held_pico" numeric(38,0) NOT NULL,
	CONSTRAINT "leases_pkey" PRIMARY KEY("organization_id","scope","scope_id","month","lessee_id"),
	CONSTRAINT "leases_not_negative" CHECK ("held_pico" >= 0)
);
--> statement-breakpoint
CREATE TABLE "lessees" (
	"id" text PRIMARY KEY,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "spend_alerts" (
	"organization_id" text,
	"scope" text,
	"scope_id" text,
	"period" text,
	"month" date,
	"percent" integer,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "spend_alerts_pkey" PRIMARY KEY("organization_id","scope","scope_id","period","month","percent")
);
--> statement-breakpoint
CREATE TABLE "spend_limits" (
	"organization_id" text,
	"scope" text,
	"scope_id" text,
	"period" text,
	"limit_pico" numeric(38,0) NOT NULL,
	"alert_percents" integer[] NOT NULL,
	"standing_pico" numeric(38,0) NOT NULL,
	"standing_month" date NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"updated_by" text NOT NULL,
	CONSTRAINT "spend_limits_pkey" PRIMARY KEY("organization_id","scope","scope_id","period"),
	CONSTRAINT "spend_limits_not_negative" CHECK ("limit_pico" >= 0),
	CONSTRAINT "spend_limits_period" CHECK ("period" = 'month' or "scope" = 'key')
);
--> statement-breakpoint
CREATE TABLE "rate_buckets" (
	"organization_id" text,
	"name" text,
	"level" double precision NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "rate_buckets_pkey" PRIMARY KEY("organization_id","name")
);
--> statement-breakpoint
CREATE TABLE "rate_overrides" (
	"organization_id" text,
	"id" text,
	"workspace_id" text,
	"model" text,
	"requests_per_second" double precision,
	"tokens_per_minute" bigint,
	"tokens_per_month" bigint,
	"source" text NOT NULL,
	"reference" text,
	"reason" text NOT NULL,
	"expires_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	CONSTRAINT "rate_overrides_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "rate_overrides_positive" CHECK ("requests_per_second" > 0 is not false and "tokens_per_minute" > 0 is not false and "tokens_per_month" > 0 is not false)
);
--> statement-breakpoint
CREATE TABLE "rate_requests" (
	"organization_id" text,
	"id" text,
	"workspace_id" text NOT NULL,
	"user_id" text NOT NULL,
	"model" text,
	"requests_per_second" double precision,
	"tokens_per_minute" bigint,
	"tokens_per_month" bigint,
	"use_case" text NOT NULL,
	"state" text NOT NULL,
	"answer" text,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "rate_requests_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "usage_sums" (
	"organization_id" text,
	"dimension" text,
	"grain" text,
	"start" timestamp with time zone,
	"workspace_id" text,
	"value" text,
	"requests" bigint NOT NULL,
	"failed" bigint NOT NULL,
	"prompt_tokens" bigint NOT NULL,
	"cached_tokens" bigint NOT NULL,
	"completion_tokens" bigint NOT NULL,
	"cost_pico" numeric(38,0) NOT NULL,
	CONSTRAINT "usage_sums_pkey" PRIMARY KEY("organization_id","dimension","grain","start","workspace_id","value")
);
--> statement-breakpoint
INSERT INTO usage_sums
	SELECT organization_id, dimension, grain, start, workspace_id, value, count(*), count(*) FILTER (WHERE outcome <> 'answered'),
		sum(prompt_tokens), sum(cached_tokens), sum(completion_tokens), sum(cost_pico)
	FROM usage_events, LATERAL (VALUES ('model', model), ('key', key_id), ('end_user', end_user)) AS dimensions (dimension, value),
		LATERAL (VALUES ('hour', date_trunc('hour', at, 'UTC')), ('day', date_trunc('day', at, 'UTC'))) AS grains (grain, start)
	WHERE value IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6;
--> statement-breakpoint
DROP TABLE "usage_days_by_key";--> statement-breakpoint
DROP TABLE "usage_days_by_model";--> statement-breakpoint
ALTER TABLE "spend_months" ADD COLUMN "held_pico" numeric(38,0) DEFAULT '0' NOT NULL;--> statement-breakpoint
ALTER TABLE "spend_months" ADD COLUMN "tokens" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "waived_pico" numeric(38,0) DEFAULT '0' NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "held_pico" numeric(38,0) DEFAULT '0' NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "clamped_tokens" integer;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "limit_scope" text;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "limit_left_pico" numeric(38,0);--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "requests_left" bigint;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "tokens_left" bigint;--> statement-breakpoint
UPDATE spend_months SET tokens = used.tokens FROM (
	SELECT organization_id, date_trunc('month', at, 'UTC')::date AS month, scope.name, scope.id, sum(prompt_tokens + completion_tokens) AS tokens
	FROM usage_events, LATERAL (VALUES ('organization', organization_id), ('workspace', workspace_id), ('key', key_id)) AS scope (name, id)
	GROUP BY 1, 2, 3, 4) AS used
	WHERE (spend_months.organization_id, spend_months.month, scope, scope_id) = (used.organization_id, used.month, used.name, used.id);--> statement-breakpoint
ALTER TABLE "spend_months" DROP CONSTRAINT "spend_months_pkey";--> statement-breakpoint
ALTER TABLE "spend_months" ADD PRIMARY KEY ("organization_id","scope","scope_id","month");--> statement-breakpoint
ALTER TABLE "spend_months" ALTER COLUMN "settled_pico" SET DEFAULT '0';--> statement-breakpoint
CREATE INDEX "leases_lessee" ON "leases" ("lessee_id");--> statement-breakpoint
CREATE INDEX "rate_requests_open" ON "rate_requests" ("created_at") WHERE "state" = 'submitted';--> statement-breakpoint
ALTER TABLE "leases" ADD CONSTRAINT "leases_lessee_id_lessees_id_fkey" FOREIGN KEY ("lessee_id") REFERENCES "lessees"("id");--> statement-breakpoint
ALTER TABLE "spend_limits" ADD CONSTRAINT "spend_limits_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "rate_overrides" ADD CONSTRAINT "rate_overrides_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "rate_overrides" ADD CONSTRAINT "rate_overrides_fQhkEVY5RQbl_fkey" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "workspaces"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "rate_requests" ADD CONSTRAINT "rate_requests_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "rate_requests" ADD CONSTRAINT "rate_requests_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "spend_months" ADD CONSTRAINT "spend_months_not_negative" CHECK ("settled_pico" >= 0 and "held_pico" >= 0);