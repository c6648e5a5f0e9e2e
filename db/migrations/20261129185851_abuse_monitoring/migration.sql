CREATE TABLE "abuse_figures" (
	"organization_id" text,
	"workspace_id" text,
	"day" date,
	"requests" bigint DEFAULT 0 NOT NULL,
	"end_users" bigint DEFAULT 0 NOT NULL,
	"networks" bigint DEFAULT 0 NOT NULL,
	"answers" bigint DEFAULT 0 NOT NULL,
	"stops" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "abuse_figures_pkey" PRIMARY KEY("organization_id","workspace_id","day"),
	CONSTRAINT "abuse_figures_stops" CHECK ("stops" <= "answers")
);
--> statement-breakpoint
CREATE TABLE "abuse_flags" (
	"organization_id" text,
	"id" text,
	"item_id" text,
	"at" timestamp with time zone NOT NULL,
	"source" text NOT NULL,
	"category" text NOT NULL,
	"workspace_id" text,
	"request_id" text,
	"rule_id" text,
	"model" text,
	"score" double precision,
	"measure" text,
	"day" date,
	"value" double precision,
	"usual" double precision,
	"ticket_id" text,
	CONSTRAINT "abuse_flags_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "abuse_flags_rule_named" CHECK (("source" = 'rule') = ("rule_id" is not null)),
	CONSTRAINT "abuse_flags_model_named" CHECK (("source" = 'model') = ("model" is not null) and ("source" = 'model') = ("score" is not null)),
	CONSTRAINT "abuse_flags_of_request" CHECK ("source" not in ('rule', 'model') or "request_id" is not null),
	CONSTRAINT "abuse_flags_figures_told" CHECK (("source" in ('refusals', 'figures')) = ("measure" is not null and "day" is not null
        and "value" is not null and "usual" is not null)),
	CONSTRAINT "abuse_flags_reported" CHECK (("source" = 'report') = ("ticket_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "abuse_items" (
	"organization_id" text,
	"id" text,
	"source" text NOT NULL,
	"category" text NOT NULL,
	"workspace_id" text,
	"ticket_id" text,
	"state" text NOT NULL,
	"flags" integer NOT NULL,
	"request_ids" text[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"flagged_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"gag_until" timestamp with time zone,
	"gag_order" text,
	"gagged_by" text,
	"clause" text,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"suspension_id" text,
	CONSTRAINT "abuse_items_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "abuse_items_five" CHECK (cardinality("request_ids") <= 5),
	CONSTRAINT "abuse_items_thirty_days" CHECK ("ends_at" <= "created_at" + interval '30 days'),
	CONSTRAINT "abuse_items_decided" CHECK (("state" in ('dismissed', 'warned', 'restricted', 'suspended', 'legal'))
        = ("decided_at" is not null and "decided_by" is not null)),
	CONSTRAINT "abuse_items_suspended" CHECK (("state" = 'suspended') = ("suspension_id" is not null)),
	CONSTRAINT "abuse_items_gag" CHECK (("gag_until" is null) = ("gag_order" is null) and ("gag_until" is null) = ("gagged_by" is null))
);
--> statement-breakpoint
CREATE TABLE "abuse_months" (
	"organization_id" text,
	"month" date,
	"rule_scanned" bigint DEFAULT 0 NOT NULL,
	"model_scanned" bigint DEFAULT 0 NOT NULL,
	"flags" bigint DEFAULT 0 NOT NULL,
	"items" bigint DEFAULT 0 NOT NULL,
	"opened" bigint DEFAULT 0 NOT NULL,
	"dismissed" bigint DEFAULT 0 NOT NULL,
	"warned" bigint DEFAULT 0 NOT NULL,
	"restricted" bigint DEFAULT 0 NOT NULL,
	"suspended" bigint DEFAULT 0 NOT NULL,
	"legal" bigint DEFAULT 0 NOT NULL,
	"expired" bigint DEFAULT 0 NOT NULL,
	"models" text[] DEFAULT '{}'::text[] NOT NULL,
	CONSTRAINT "abuse_months_pkey" PRIMARY KEY("organization_id","month")
);
--> statement-breakpoint
CREATE TABLE "abuse_openings" (
	"organization_id" text,
	"id" text,
	"item_id" text NOT NULL,
	"opened_by" text NOT NULL,
	"opened_name" text NOT NULL,
	"reason" text NOT NULL,
	"clause" text NOT NULL,
	"request_ids" text[] NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"disclose_at" timestamp with time zone,
	"disclosed_at" timestamp with time zone,
	CONSTRAINT "abuse_openings_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "abuse_openings_five" CHECK (cardinality("request_ids") <= 5),
	CONSTRAINT "abuse_openings_two_hours" CHECK ("ends_at" <= "opened_at" + interval '2 hours')
);
--> statement-breakpoint
CREATE TABLE "abuse_rules" (
	"id" text PRIMARY KEY,
	"name" text NOT NULL,
	"version" integer NOT NULL,
	"category" text NOT NULL,
	"expression" text NOT NULL,
	"state" text NOT NULL,
	"proposed_by" text NOT NULL,
	"proposed_at" timestamp with time zone NOT NULL,
	"approved_by" text,
	"started_at" timestamp with time zone,
	"ended_by" text,
	"ended_at" timestamp with time zone,
	CONSTRAINT "abuse_rules_positive" CHECK ("version" > 0),
	CONSTRAINT "abuse_rules_by_two" CHECK (("started_at" is null) = ("approved_by" is null) and ("approved_by" is null or "approved_by" <> "proposed_by")),
	CONSTRAINT "abuse_rules_started" CHECK (("state" in ('active', 'retired')) = ("started_at" is not null)),
	CONSTRAINT "abuse_rules_ended" CHECK (("state" in ('retired', 'dropped')) = ("ended_at" is not null and "ended_by" is not null))
);
--> statement-breakpoint
CREATE TABLE "abuse_scans" (
	"organization_id" text,
	"workspace_id" text,
	"hour" timestamp with time zone,
	"last_id" text DEFAULT '' NOT NULL,
	"seen" bigint DEFAULT 0 NOT NULL,
	"counted" bigint DEFAULT 0 NOT NULL,
	"ended" bigint,
	"is_second" boolean DEFAULT false NOT NULL,
	CONSTRAINT "abuse_scans_pkey" PRIMARY KEY("organization_id","workspace_id","hour")
);
--> statement-breakpoint
CREATE TABLE "abuse_totals" (
	"month" date PRIMARY KEY,
	"rule_scanned" bigint DEFAULT 0 NOT NULL,
	"model_scanned" bigint DEFAULT 0 NOT NULL,
	"flags" bigint DEFAULT 0 NOT NULL,
	"items" bigint DEFAULT 0 NOT NULL,
	"opened" bigint DEFAULT 0 NOT NULL,
	"dismissed" bigint DEFAULT 0 NOT NULL,
	"warned" bigint DEFAULT 0 NOT NULL,
	"restricted" bigint DEFAULT 0 NOT NULL,
	"suspended" bigint DEFAULT 0 NOT NULL,
	"legal" bigint DEFAULT 0 NOT NULL,
	"expired" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "abuse_flags_rule" ON "abuse_flags" ("organization_id","request_id","rule_id") WHERE "source" = 'rule';--> statement-breakpoint
CREATE UNIQUE INDEX "abuse_flags_model" ON "abuse_flags" ("organization_id","request_id","category") WHERE "source" = 'model';--> statement-breakpoint
CREATE UNIQUE INDEX "abuse_flags_figures" ON "abuse_flags" ("organization_id","workspace_id","measure","day") WHERE "measure" is not null;--> statement-breakpoint
CREATE INDEX "abuse_flags_item" ON "abuse_flags" ("organization_id","item_id","at");--> statement-breakpoint
CREATE INDEX "abuse_flags_at" ON "abuse_flags" ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "abuse_items_open" ON "abuse_items" ("organization_id",coalesce("workspace_id", ''),"source","category") WHERE "state" = 'open';--> statement-breakpoint
CREATE INDEX "abuse_items_desk" ON "abuse_items" ("state","flagged_at");--> statement-breakpoint
CREATE INDEX "abuse_items_ends" ON "abuse_items" ("ends_at");--> statement-breakpoint
CREATE INDEX "abuse_openings_item" ON "abuse_openings" ("organization_id","item_id");--> statement-breakpoint
CREATE INDEX "abuse_openings_disclose" ON "abuse_openings" ("disclose_at") WHERE "disclose_at" is not null and "disclosed_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "abuse_rules_version" ON "abuse_rules" (lower("name"),"version");--> statement-breakpoint
CREATE UNIQUE INDEX "abuse_rules_active" ON "abuse_rules" (lower("name")) WHERE "state" = 'active';--> statement-breakpoint
CREATE UNIQUE INDEX "abuse_rules_proposed" ON "abuse_rules" (lower("name")) WHERE "state" = 'proposed';--> statement-breakpoint
CREATE INDEX "abuse_scans_hour" ON "abuse_scans" ("hour");--> statement-breakpoint
ALTER TABLE "abuse_figures" ADD CONSTRAINT "abuse_figures_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "abuse_flags" ADD CONSTRAINT "abuse_flags_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "abuse_flags" ADD CONSTRAINT "abuse_flags_CpgU9umkMIBO_fkey" FOREIGN KEY ("organization_id","item_id") REFERENCES "abuse_items"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "abuse_items" ADD CONSTRAINT "abuse_items_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "abuse_months" ADD CONSTRAINT "abuse_months_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "abuse_openings" ADD CONSTRAINT "abuse_openings_26DApz8wD19I_fkey" FOREIGN KEY ("organization_id","item_id") REFERENCES "abuse_items"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "abuse_scans" ADD CONSTRAINT "abuse_scans_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON "abuse_rules" TO comptoir_tenant;--> statement-breakpoint
GRANT SELECT ON "abuse_totals" TO comptoir_tenant;
