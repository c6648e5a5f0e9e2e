-- Sums all that a process has committed to its journal, at once. The journal's rows are literals of usage_events, so a
-- migration that changes those columns settles first. It does so in a DO block that runs only where there are lessees,
-- because a fresh database has no functions yet.
CREATE OR REPLACE FUNCTION settle_journal(lessee text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  fresh usage_events[];
BEGIN
  WITH taken AS (DELETE FROM usage_journal WHERE lessee_id = lessee AND problem IS NULL RETURNING events)
    SELECT array_agg(event::usage_events) INTO fresh FROM taken, LATERAL unnest(events::usage_events[]) AS event;
  RETURN CASE WHEN fresh IS NULL THEN 0 ELSE meter_events(fresh, lessee) END;
EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
  RETURN settle_singly(lessee);
END $$;

-- The same one by one, when the whole is refused. An event that the leases do not cover is billed as far as limits allow.
-- An event that the database refuses stays in its entry, alone and with the reason, and what it may cost stays held.
CREATE OR REPLACE FUNCTION settle_singly(lessee text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  entry usage_journal;
  written text;
  refused text[];
  reason text;
  settled integer := 0;
BEGIN
  FOR entry IN SELECT * FROM usage_journal WHERE lessee_id = lessee AND problem IS NULL ORDER BY seq FOR UPDATE LOOP
    refused := '{}';
    BEGIN
      -- Read as text first: one that is no event must not keep its neighbours from being read.
      FOREACH written IN ARRAY entry.events::text[] LOOP
        BEGIN
          settled := settled + settle_one(written::usage_events, lessee);
        EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
          refused := refused || written;
          reason := SQLERRM;
        END;
      END LOOP;
    EXCEPTION WHEN data_exception THEN
      UPDATE usage_journal SET problem = SQLERRM WHERE lessee_id = lessee AND seq = entry.seq;
      CONTINUE;
    END;
    IF refused = '{}' THEN
      DELETE FROM usage_journal WHERE lessee_id = lessee AND seq = entry.seq;
    ELSE
      UPDATE usage_journal SET events = refused::text, problem = reason WHERE lessee_id = lessee AND seq = entry.seq;
    END IF;
  END LOOP;
  RETURN settled;
END $$;

CREATE OR REPLACE FUNCTION settle_one(made usage_events, lessee text) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  RETURN meter_events(ARRAY[made], lessee);
EXCEPTION WHEN check_violation THEN
  RETURN meter_unheld(to_json(made)::text);
END $$;

-- Sums what dead processes have committed. It is a transaction of its own before `reap_lessees`, so that no transaction
-- goes back from the counters to the sums.
CREATE OR REPLACE FUNCTION settle_dead() RETURNS integer LANGUAGE sql AS $$
  SELECT coalesce(sum(settle_journal(id)), 0)::integer FROM lessees WHERE expires_at < clock_timestamp()
$$;
