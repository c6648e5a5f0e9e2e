CREATE TABLE "webhook_attempts" (
	"organization_id" text,
	"delivery_id" text,
	"number" integer,
	"at" timestamp with time zone NOT NULL,
	"ms" integer NOT NULL,
	"status" integer,
	"answer" text NOT NULL,
	"error" text,
	CONSTRAINT "webhook_attempts_pkey" PRIMARY KEY("organization_id","delivery_id","number")
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"organization_id" text,
	"id" text,
	"endpoint_id" text NOT NULL,
	"event_id" text NOT NULL,
	"replay_of" text,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"next_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"organization_id" text,
	"id" text,
	"url" text NOT NULL,
	"description" text NOT NULL,
	"event_types" text[] NOT NULL,
	"enabled" boolean NOT NULL,
	"disabled_reason" text,
	"failing_since" timestamp with time zone,
	"secret" bytea NOT NULL,
	"previous_secret" bytea,
	"previous_secret_until" timestamp with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "webhook_endpoints_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "webhook_events" (
	"organization_id" text,
	"id" text,
	"workspace_id" text,
	"type" text NOT NULL,
	"data" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "webhook_events_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "contact_changes" (
	"organization_id" text,
	"id" text,
	"email" text NOT NULL,
	"hash" text NOT NULL,
	"requested_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"confirmed_at" timestamp with time zone,
	"withdrawn_at" timestamp with time zone,
	CONSTRAINT "contact_changes_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "letter_attempts" (
	"letter_id" text,
	"number" integer,
	"at" timestamp with time zone NOT NULL,
	"ms" integer NOT NULL,
	"outcome" text NOT NULL,
	"answer" text NOT NULL,
	CONSTRAINT "letter_attempts_pkey" PRIMARY KEY("letter_id","number")
);
--> statement-breakpoint
CREATE TABLE "muted_notices" (
	"user_id" text,
	"kind" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "muted_notices_pkey" PRIMARY KEY("user_id","kind")
);
--> statement-breakpoint
ALTER TABLE "letters" ADD COLUMN "user_id" text;--> statement-breakpoint
ALTER TABLE "letters" ADD COLUMN "message_id" text;--> statement-breakpoint
ALTER TABLE "letters" ADD COLUMN "answer" text;--> statement-breakpoint
ALTER TABLE "letters" ADD COLUMN "bounced_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "letters" ADD COLUMN "opened_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "letters" ADD COLUMN "settled_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_endpoint" ON "webhook_deliveries" ("organization_id","endpoint_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_deliveries_once" ON "webhook_deliveries" ("organization_id","endpoint_id","event_id") WHERE "replay_of" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "contact_changes_hash_key" ON "contact_changes" ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "contact_changes_open_key" ON "contact_changes" ("organization_id") WHERE "confirmed_at" is null and "withdrawn_at" is null;--> statement-breakpoint
CREATE INDEX "letters_inbox" ON "letters" ("user_id","id") WHERE "user_id" is not null;--> statement-breakpoint
ALTER TABLE "webhook_attempts" ADD CONSTRAINT "webhook_attempts_ChzhBCqQnlFU_fkey" FOREIGN KEY ("organization_id","delivery_id") REFERENCES "webhook_deliveries"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_m34XXWeYOTSd_fkey" FOREIGN KEY ("organization_id","endpoint_id") REFERENCES "webhook_endpoints"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_9wKADBKTbzxh_fkey" FOREIGN KEY ("organization_id","event_id") REFERENCES "webhook_events"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "webhook_events" ADD CONSTRAINT "webhook_events_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "contact_changes" ADD CONSTRAINT "contact_changes_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "letter_attempts" ADD CONSTRAINT "letter_attempts_letter_id_letters_id_fkey" FOREIGN KEY ("letter_id") REFERENCES "letters"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "letters" ADD CONSTRAINT "letters_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "muted_notices" ADD CONSTRAINT "muted_notices_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
-- Every flaw of a chain, or of all of them: rows whose hash is not theirs, gaps, rows that do not follow the one before, and
-- an end that is not the one the head names. A check can go on from a row that a former one has reached, with its hash.
CREATE FUNCTION audit_flaws(organization text, reached bigint, reached_hash text)
  RETURNS TABLE ("organizationId" text, sequence bigint, id text, kind text) LANGUAGE sql STABLE AS $$
  WITH links AS (
    SELECT event.organization_id, event.sequence, event.id, event.previous_hash,
      event.hash = audit_event_hash(event) AS is_whole,
      lag(event.sequence, 1, reached) OVER chain AS sequence_before,
      lag(event.hash, 1, reached_hash) OVER chain AS hash_before
    FROM audit_events AS event
    WHERE (organization IS NULL OR event.organization_id = organization) AND event.sequence > reached
    WINDOW chain AS (PARTITION BY event.organization_id ORDER BY event.sequence)
  ), ends AS (
    SELECT DISTINCT ON (event.organization_id) event.organization_id, event.sequence, event.id, event.hash
    FROM audit_events AS event WHERE organization IS NULL OR event.organization_id = organization
    ORDER BY event.organization_id, event.sequence DESC
  ), heads AS (
    SELECT head.organization_id, head.sequence, head.hash FROM audit_heads AS head
    WHERE organization IS NULL OR head.organization_id = organization
  )
  SELECT links.organization_id, links.sequence, links.id, CASE
      WHEN links.sequence <> links.sequence_before + 1 THEN 'missing'
      WHEN NOT links.is_whole THEN 'changed' ELSE 'moved' END
    FROM links
    WHERE links.sequence <> links.sequence_before + 1 OR NOT links.is_whole OR links.previous_hash <> links.hash_before
  UNION ALL
  SELECT organization_id, coalesce(ends.sequence, 0), ends.id,
      CASE WHEN heads.sequence > coalesce(ends.sequence, 0) THEN 'truncated' ELSE 'unknown' END
    FROM heads FULL JOIN ends USING (organization_id)
    WHERE (heads.sequence, heads.hash) IS DISTINCT FROM (ends.sequence, ends.hash)
$$;
