CREATE TABLE "usage_journal" (
	"lessee_id" text,
	"seq" bigint,
	"events" text NOT NULL,
	"problem" text,
	CONSTRAINT "usage_journal_pkey" PRIMARY KEY("lessee_id","seq")
);
--> statement-breakpoint
ALTER TABLE "usage_journal" ADD CONSTRAINT "usage_journal_lessee_id_lessees_id_fkey" FOREIGN KEY ("lessee_id") REFERENCES "lessees"("id");
--> statement-breakpoint
-- Rows come and go by the thousand a second: text that is read once is not worth packing, and room is used again soon.
ALTER TABLE usage_journal ALTER COLUMN events SET STORAGE EXTERNAL;
--> statement-breakpoint
ALTER TABLE usage_journal SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 5000, toast.autovacuum_vacuum_cost_delay = 0);
--> statement-breakpoint
-- Sealed bytes cannot be packed any further.
ALTER TABLE contents ALTER COLUMN sealed SET STORAGE EXTERNAL;
--> statement-breakpoint
-- Writes usage events and everything that sums them, once: an event that is already there adds nothing. With a lessee, what
-- they cost moves from held to settled, out of that process's leases; where they do not cover it, or are gone, all of it
-- fails with a check violation and nothing is written. Every process touches rows in the same order: events, sums,
-- counters, leases, each by key.
CREATE FUNCTION meter_events(fresh usage_events[], lessee text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  costs scope_cost[];
  covered integer;
BEGIN
  -- Nearly always all of them are new; asking for each whether it is there would cost a fifth of the whole.
  BEGIN
    INSERT INTO usage_events SELECT * FROM unnest(fresh);
  EXCEPTION WHEN unique_violation THEN
    WITH added AS (
      INSERT INTO usage_events SELECT * FROM unnest(fresh) ON CONFLICT DO NOTHING RETURNING *
    ) SELECT array_agg(added::usage_events) INTO fresh FROM added;
  END;
  WITH alike AS (
    SELECT organization_id, workspace_id, key_id, model, end_user, date_trunc('hour', at, 'UTC') AS hour, count(*) AS requests,
      count(*) FILTER (WHERE outcome <> 'answered') AS failed, sum(prompt_tokens) AS prompt_tokens,
      sum(cached_tokens) AS cached_tokens, sum(completion_tokens) AS completion_tokens, sum(cost_pico) AS cost_pico
    FROM unnest(fresh) GROUP BY 1, 2, 3, 4, 5, 6
  ), summed AS (
    INSERT INTO usage_sums AS known
      SELECT organization_id, dimension, grain, start, workspace_id, value,
        sum(requests), sum(failed), sum(prompt_tokens), sum(cached_tokens), sum(completion_tokens), sum(cost_pico)
      FROM alike, LATERAL (VALUES ('model', model), ('key', key_id), ('end_user', end_user)) AS dimensions (dimension, value),
        LATERAL (VALUES ('hour', hour), ('day', date_trunc('day', hour, 'UTC'))) AS grains (grain, start)
      WHERE value IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
      ON CONFLICT (organization_id, dimension, grain, start, workspace_id, value) DO UPDATE SET
        requests = known.requests + excluded.requests, failed = known.failed + excluded.failed,
        prompt_tokens = known.prompt_tokens + excluded.prompt_tokens, cached_tokens = known.cached_tokens + excluded.cached_tokens,
        completion_tokens = known.completion_tokens + excluded.completion_tokens, cost_pico = known.cost_pico + excluded.cost_pico
  ), scopes AS (
    SELECT organization_id, scope.name AS scope, scope.id AS scope_id, date_trunc('month', hour, 'UTC')::date AS month,
      sum(cost_pico) AS pico, sum(prompt_tokens + completion_tokens) AS tokens
    FROM alike, LATERAL (VALUES ('organization', organization_id), ('workspace', workspace_id), ('key', key_id)) AS scope (name, id)
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ), by_month AS (
    INSERT INTO spend_months AS known (organization_id, scope, scope_id, month, settled_pico, tokens)
      SELECT organization_id, scope, scope_id, month, pico, tokens FROM scopes
      ON CONFLICT (organization_id, scope, scope_id, month) DO UPDATE SET
        settled_pico = known.settled_pico + excluded.settled_pico, tokens = known.tokens + excluded.tokens,
        held_pico = known.held_pico - CASE WHEN lessee IS NULL THEN 0 ELSE excluded.settled_pico END
  ) SELECT array_agg((organization_id, scope, scope_id, month, pico)::scope_cost) FILTER (WHERE pico > 0) INTO costs FROM scopes;

  IF lessee IS NOT NULL AND costs IS NOT NULL THEN
    UPDATE leases SET held_pico = held_pico - cost.pico FROM unnest(costs) AS cost
      WHERE leases.organization_id = cost.organization_id AND leases.scope = cost.scope AND leases.scope_id = cost.scope_id
        AND leases.month = cost.month AND lessee_id = lessee;
    GET DIAGNOSTICS covered = ROW_COUNT;
    IF covered < array_length(costs, 1) THEN
      RAISE EXCEPTION 'leases of % are gone', lessee USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN coalesce(cardinality(fresh), 0);
END $$;
--> statement-breakpoint
-- The same for a JSON array of objects or, for a third of the work of reading it, the literal of an array of rows.
CREATE OR REPLACE FUNCTION meter(batch text, lessee text DEFAULT NULL) RETURNS integer LANGUAGE sql AS $$
  SELECT meter_events(CASE WHEN starts_with(batch, '{') THEN batch::usage_events[]
    ELSE ARRAY(SELECT event FROM json_populate_recordset(null::usage_events, batch::json) AS event) END, lessee)
$$;
--> statement-breakpoint
-- Sums what a process has committed to its journal, all at once. A migration that changes the columns of usage_events calls
-- it first for every lessee, because the journal's rows are literals of the columns there were.
CREATE FUNCTION settle_journal(lessee text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  fresh usage_events[];
BEGIN
  WITH taken AS (DELETE FROM usage_journal WHERE lessee_id = lessee AND problem IS NULL RETURNING events)
    SELECT array_agg(event::usage_events) INTO fresh FROM taken, LATERAL unnest(events::usage_events[]) AS event;
  RETURN CASE WHEN fresh IS NULL THEN 0 ELSE meter_events(fresh, lessee) END;
EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
  RETURN settle_singly(lessee);
END $$;
--> statement-breakpoint
-- The same one by one, when not all of it can be taken. An event that the leases do not cover is billed as far as every
-- limit allows; an entry the database refuses stays with its reason, and what it may cost stays held.
CREATE FUNCTION settle_singly(lessee text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  entry usage_journal;
  made usage_events;
  settled integer := 0;
BEGIN
  FOR entry IN SELECT * FROM usage_journal WHERE lessee_id = lessee AND problem IS NULL ORDER BY seq FOR UPDATE LOOP
    BEGIN
      FOREACH made IN ARRAY entry.events::usage_events[] LOOP
        BEGIN
          settled := settled + meter_events(ARRAY[made], lessee);
        EXCEPTION WHEN check_violation THEN
          settled := settled + meter_unheld(to_json(made)::text);
        END;
      END LOOP;
      DELETE FROM usage_journal WHERE lessee_id = lessee AND seq = entry.seq;
    EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
      UPDATE usage_journal SET problem = SQLERRM WHERE lessee_id = lessee AND seq = entry.seq;
    END;
  END LOOP;
  RETURN settled;
END $$;
--> statement-breakpoint
-- Sums what dead processes have committed, in a transaction of its own before `reap_lessees`, so that no transaction goes
-- back from the counters to the sums.
CREATE FUNCTION settle_dead() RETURNS integer LANGUAGE sql AS $$
  SELECT coalesce(sum(settle_journal(id)), 0)::integer FROM lessees WHERE expires_at < clock_timestamp()
$$;
--> statement-breakpoint
-- Takes back everything a process holds, and forgets the process; not before all it has committed is summed, because until
-- then that is held by its leases alone.
CREATE OR REPLACE FUNCTION release_lessee(lessee text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM lessees WHERE id = lessee FOR UPDATE;
  IF EXISTS (SELECT FROM usage_journal WHERE lessee_id = lessee) THEN RETURN; END IF;
  PERFORM lock_counters(coalesce((SELECT json_agg(lease) FROM leases AS lease WHERE lessee_id = lessee), '[]')::text);
  UPDATE spend_months AS counter SET held_pico = counter.held_pico - lease.held_pico FROM leases AS lease
    WHERE lease.lessee_id = lessee AND counter.organization_id = lease.organization_id AND counter.scope = lease.scope
      AND counter.scope_id = lease.scope_id AND counter.month = lease.month;
  DELETE FROM leases WHERE lessee_id = lessee;
  DELETE FROM lessees WHERE id = lessee;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION reap_lessees() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  dead text;
  reaped integer := 0;
BEGIN
  FOR dead IN SELECT id FROM lessees WHERE expires_at < clock_timestamp() FOR UPDATE SKIP LOCKED LOOP
    PERFORM release_lessee(dead);
    IF NOT EXISTS (SELECT FROM lessees WHERE id = dead) THEN reaped := reaped + 1; END IF;
  END LOOP;
  RETURN reaped;
END $$;
