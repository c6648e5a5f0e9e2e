CREATE TABLE "zero_retention_requests" (
	"organization_id" text,
	"id" text,
	"scope" text NOT NULL,
	"workspace_id" text,
	"reason" text NOT NULL,
	"data_classes" text[] NOT NULL,
	"keep_classes" text[] NOT NULL,
	"attested_at" timestamp with time zone NOT NULL,
	"words" bytea NOT NULL,
	"state" text NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"claimed_by" text,
	"asked_at" timestamp with time zone,
	"waited_ms" bigint DEFAULT 0 NOT NULL,
	"first_approver" text,
	"approver" text,
	"approvers_needed" integer,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"decided_reason" bytea,
	"active_at" timestamp with time zone,
	"evidence" jsonb,
	"stuck_on" text,
	"alarmed_at" timestamp with time zone,
	"broken_at" timestamp with time zone,
	"verified_at" timestamp with time zone,
	"ends_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"end_reason" text,
	CONSTRAINT "zero_retention_requests_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "zero_retention_requests_scope" CHECK (("scope" = 'workspace') = ("workspace_id" is not null)),
	CONSTRAINT "zero_retention_requests_asked" CHECK (("state" = 'asked') = ("asked_at" is not null)),
	CONSTRAINT "zero_retention_requests_claimed" CHECK ("state" in ('submitted', 'withdrawn', 'ended') or "claimed_by" is not null),
	CONSTRAINT "zero_retention_requests_decided" CHECK (("decided_at" is not null) = ("decided_reason" is not null) and ("decided_at" is not null) = ("decided_by" is not null)
        and ("state" not in ('approved', 'implementing', 'active', 'ending', 'denied', 'revoked') or "decided_at" is not null)
        and ("state" not in ('submitted', 'in_review', 'asked') or "decided_at" is null)),
	CONSTRAINT "zero_retention_requests_approved" CHECK (("state" not in ('approved', 'implementing', 'active', 'ending', 'revoked') or "approver" is not null)
        and ("approver" is null or "approvers_needed" = 1 or ("first_approver" is not null and "first_approver" <> "approver"))
        and coalesce("first_approver" <> "user_id", true) and coalesce("approver" <> "user_id", true)
        and coalesce("decided_by" <> "user_id", true)),
	CONSTRAINT "zero_retention_requests_active" CHECK (("state" not in ('active', 'ending') or "active_at" is not null) and ("active_at" is null or "evidence" is not null)),
	CONSTRAINT "zero_retention_requests_ended" CHECK (("state" in ('ended', 'withdrawn', 'revoked')) = ("ended_at" is not null) and ("state" not in ('ending', 'ended', 'revoked') or "end_reason" is not null)
        and ("state" <> 'ending' or "ends_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "zero_retention_steps" (
	"organization_id" text,
	"request_id" text,
	"step" text,
	"attempt" integer,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"outcome" text,
	"facts" jsonb,
	CONSTRAINT "zero_retention_steps_pkey" PRIMARY KEY("organization_id","request_id","step","attempt"),
	CONSTRAINT "zero_retention_steps_ended" CHECK (("ended_at" is not null) = ("outcome" is not null) and ("ended_at" is null or "facts" is not null))
);
--> statement-breakpoint
ALTER TABLE "lessees" ADD COLUMN "calm_since" timestamp with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "zero_retention_requests_open_key" ON "zero_retention_requests" ("organization_id","scope",coalesce("workspace_id", '')) WHERE "state" not in ('ended', 'denied', 'withdrawn', 'revoked');--> statement-breakpoint
CREATE INDEX "zero_retention_requests_desk" ON "zero_retention_requests" ("created_at") WHERE "state" not in ('ended', 'denied', 'withdrawn', 'revoked');--> statement-breakpoint
ALTER TABLE "zero_retention_requests" ADD CONSTRAINT "zero_retention_requests_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "zero_retention_requests" ADD CONSTRAINT "zero_retention_requests_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "zero_retention_requests" ADD CONSTRAINT "zero_retention_requests_UgkhL4LMkJ5l_fkey" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "workspaces"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "zero_retention_steps" ADD CONSTRAINT "zero_retention_steps_sp8jmr4K55dK_fkey" FOREIGN KEY ("organization_id","request_id") REFERENCES "zero_retention_requests"("organization_id","id") ON DELETE CASCADE;