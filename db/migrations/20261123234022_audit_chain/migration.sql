CREATE TABLE "audit_checks" (
	"organization_id" text PRIMARY KEY,
	"sequence" bigint NOT NULL,
	"hash" text NOT NULL,
	"flaw" text,
	"checked_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_heads" (
	"organization_id" text PRIMARY KEY,
	"sequence" bigint NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "staff_looks" (
	"organization_id" text,
	"id" text,
	"staff_id" text NOT NULL,
	"reason" text NOT NULL,
	"words" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	CONSTRAINT "staff_looks_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "sequence" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "previous_hash" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "hash" text DEFAULT '' NOT NULL;--> statement-breakpoint
-- What a row's hash covers: every column but itself, so that a column added later cannot be forgotten. Nulls are left out,
-- so that adding one leaves the hashes of older rows as they are. Instants are written in UTC, whatever the session's zone.
CREATE FUNCTION audit_event_hash(event audit_events) RETURNS text LANGUAGE sql STABLE SET "TimeZone" = 'UTC' AS $$
  SELECT encode(sha256(convert_to((SELECT jsonb_object_agg(key, value)::text
    FROM jsonb_each(to_jsonb(event) - 'hash') WHERE value <> 'null'), 'UTF8')), 'hex')
$$;
--> statement-breakpoint
-- Chains a row to the one before it. The head is locked from here to the end of the transaction, so that two processes
-- cannot follow the same row; whoever writes audit rows therefore writes them last (lib/context.ts does). It runs with the
-- rights of its owner, so that nobody else needs any on the heads.
CREATE FUNCTION chain_audit_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO audit_heads AS head (organization_id, sequence, hash) VALUES (NEW.organization_id, 1, '')
    ON CONFLICT (organization_id) DO UPDATE SET sequence = head.sequence + 1
    RETURNING sequence, hash INTO NEW.sequence, NEW.previous_hash;
  NEW.hash := audit_event_hash(NEW);
  UPDATE audit_heads SET hash = NEW.hash WHERE organization_id = NEW.organization_id;
  RETURN NEW;
END $$;
--> statement-breakpoint
-- Rows from before the chain are chained in the order they were made.
ALTER TABLE audit_events DISABLE TRIGGER audit_events_append_only;
--> statement-breakpoint
DO $$
DECLARE
  event audit_events;
BEGIN
  FOR event IN SELECT * FROM audit_events ORDER BY organization_id, id LOOP
    INSERT INTO audit_heads AS head (organization_id, sequence, hash) VALUES (event.organization_id, 1, '')
      ON CONFLICT (organization_id) DO UPDATE SET sequence = head.sequence + 1
      RETURNING sequence, hash INTO event.sequence, event.previous_hash;
    event.hash := audit_event_hash(event);
    UPDATE audit_heads SET hash = event.hash WHERE organization_id = event.organization_id;
    UPDATE audit_events SET sequence = event.sequence, previous_hash = event.previous_hash, hash = event.hash
      WHERE organization_id = event.organization_id AND id = event.id;
  END LOOP;
END $$;
--> statement-breakpoint
ALTER TABLE audit_events ENABLE TRIGGER audit_events_append_only;
--> statement-breakpoint
CREATE TRIGGER audit_events_chain BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION chain_audit_event();
--> statement-breakpoint
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE UNIQUE INDEX "audit_events_sequence" ON "audit_events" ("organization_id","sequence");--> statement-breakpoint
CREATE INDEX "staff_looks_open" ON "staff_looks" ("staff_id","organization_id","ends_at") WHERE "closed_at" is null;