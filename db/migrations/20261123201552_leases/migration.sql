-- Rows that are updated all the time keep room for their next version beside them.
ALTER TABLE usage_sums SET (fillfactor = 70);
--> statement-breakpoint
ALTER TABLE spend_months SET (fillfactor = 50);
--> statement-breakpoint
ALTER TABLE leases SET (fillfactor = 50);
--> statement-breakpoint
ALTER TABLE rate_buckets SET (fillfactor = 50);
--> statement-breakpoint
CREATE TYPE scope_cost AS (organization_id text, scope text, scope_id text, month date, pico numeric);
--> statement-breakpoint
DROP FUNCTION meter(text);
--> statement-breakpoint
-- Writes a batch of usage events and everything that sums them, once: an event that is already there adds nothing. With a
-- lessee, what the events cost moves from held to settled, out of that process's leases; where they do not cover it, or
-- are gone, the whole batch fails with a check violation and nothing is written. Every process touches rows in the same
-- order: events, sums, counters, leases, each by key. The batch is a JSON array of objects or, for a third of the work of
-- reading it, the literal of an array of rows.
CREATE FUNCTION meter(batch text, lessee text DEFAULT NULL) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  fresh usage_events[] := CASE WHEN starts_with(batch, '{') THEN batch::usage_events[]
    ELSE ARRAY(SELECT event FROM json_populate_recordset(null::usage_events, batch::json) AS event) END;
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
-- What may still be spent on a scope: for each of its limits, what was settled and held against it. No row: no limit.
CREATE FUNCTION spend_standing(organization text, the_scope text, the_id text, the_month date)
RETURNS TABLE (period text, limit_pico numeric, settled_pico numeric, held_pico numeric) LANGUAGE sql STABLE AS $$
  SELECT period, limits.limit_pico, coalesce(sum(counters.settled_pico), 0), coalesce(sum(counters.held_pico), 0)
  FROM spend_limits AS limits LEFT JOIN spend_months AS counters
    ON counters.organization_id = limits.organization_id AND counters.scope = limits.scope AND counters.scope_id = limits.scope_id
      AND (limits.period = 'lifetime' OR counters.month = the_month)
  WHERE limits.organization_id = organization AND limits.scope = the_scope AND limits.scope_id = the_id
  GROUP BY 1, 2
$$;
--> statement-breakpoint
-- Locks the counters of some scopes for this transaction, in key order, made first where they are missing. Whoever changes
-- what is held or how much may be comes through here, so that of two such changes one sees the other. A lifetime is
-- counted in the key's months, so all of them are locked.
CREATE FUNCTION lock_counters(asked text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO spend_months (organization_id, scope, scope_id, month)
    SELECT organization_id, scope, scope_id, month
    FROM json_to_recordset(asked::json) AS ask (organization_id text, scope text, scope_id text, month date)
    ORDER BY 1, 2, 3, 4 ON CONFLICT DO NOTHING;
  PERFORM FROM json_to_recordset(asked::json) AS ask (organization_id text, scope text, scope_id text, month date)
    JOIN spend_months AS counter USING (organization_id, scope, scope_id)
    WHERE counter.month = ask.month OR EXISTS (SELECT FROM spend_limits AS limits WHERE limits.period = 'lifetime'
      AND limits.organization_id = ask.organization_id AND limits.scope = ask.scope AND limits.scope_id = ask.scope_id)
    ORDER BY counter.organization_id, counter.scope, counter.scope_id, counter.month FOR UPDATE OF counter;
END $$;
--> statement-breakpoint
-- One round of a process with its leases, all scopes in one step. With `done` it gives back all it has and gets nothing;
-- else it first gives back `give`, and then gets `want` as far as the tightest limit goes, or nothing if that is less than `minimum`, and `ahead` on top of it
-- out of an eighth of what is left then. It is told how each scope stands afterwards, by the limit that leaves least.
CREATE FUNCTION lease(lessee text, asked text)
RETURNS TABLE (scope_id text, month text, granted numeric, period text, limit_pico numeric, settled_pico numeric, held_pico numeric)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM lessees WHERE id = lessee AND expires_at > clock_timestamp() FOR KEY SHARE;
  IF NOT FOUND THEN RAISE EXCEPTION 'lessee % is gone', lessee USING ERRCODE = 'LS001'; END IF;
  PERFORM lock_counters(asked);
  RETURN QUERY WITH standing AS (
    SELECT ask.*, coalesce(lease.held_pico, 0) AS leased, CASE WHEN done THEN coalesce(lease.held_pico, 0) ELSE least(give, coalesce(lease.held_pico, 0)) END AS less,
      tightest.period, tightest.limit_pico, tightest.settled_pico, tightest.held_pico
    FROM json_to_recordset(asked::json) AS ask (organization_id text, scope text, scope_id text, month date,
        want numeric, minimum numeric, ahead numeric, give numeric, done boolean)
      LEFT JOIN leases AS lease ON lease.organization_id = ask.organization_id AND lease.scope = ask.scope
        AND lease.scope_id = ask.scope_id AND lease.month = ask.month AND lease.lessee_id = lessee
      LEFT JOIN LATERAL (
        SELECT * FROM spend_standing(ask.organization_id, ask.scope, ask.scope_id, ask.month) AS found
        ORDER BY found.limit_pico - found.settled_pico - found.held_pico LIMIT 1) AS tightest ON true
  ), roomy AS (
    SELECT *, limit_pico - settled_pico - held_pico + less AS room FROM standing
  ), decided AS (
    SELECT *, CASE WHEN done THEN 0
      WHEN room IS NULL THEN want + ahead
      WHEN room < minimum OR room <= 0 THEN 0
      ELSE least(want, room) + least(ahead, greatest(0, trunc((room - want) / 8))) END AS more
    FROM roomy
  ), counted AS (
    UPDATE spend_months AS counter SET held_pico = counter.held_pico + more - less FROM decided
    WHERE counter.organization_id = decided.organization_id AND counter.scope = decided.scope
      AND counter.scope_id = decided.scope_id AND counter.month = decided.month AND more <> less
  ), kept AS (
    INSERT INTO leases AS known (organization_id, scope, scope_id, month, lessee_id, held_pico)
      SELECT organization_id, scope, scope_id, month, lessee, leased + more - less FROM decided WHERE NOT done AND (more > 0 OR leased > 0)
      ON CONFLICT (organization_id, scope, scope_id, month, lessee_id) DO UPDATE SET held_pico = excluded.held_pico
  ), ended AS (
    DELETE FROM leases USING decided WHERE done AND leases.organization_id = decided.organization_id AND leases.scope = decided.scope
      AND leases.scope_id = decided.scope_id AND leases.month = decided.month AND leases.lessee_id = lessee
  ) SELECT decided.scope_id, decided.month::text, more, decided.period, decided.limit_pico, decided.settled_pico,
      decided.held_pico + more - less FROM decided;
END $$;
--> statement-breakpoint
-- Takes back everything a process holds, and forgets the process.
CREATE FUNCTION release_lessee(lessee text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM lessees WHERE id = lessee FOR UPDATE;
  PERFORM lock_counters(coalesce((SELECT json_agg(lease) FROM leases AS lease WHERE lessee_id = lessee), '[]')::text);
  UPDATE spend_months AS counter SET held_pico = counter.held_pico - lease.held_pico FROM leases AS lease
    WHERE lease.lessee_id = lessee AND counter.organization_id = lease.organization_id AND counter.scope = lease.scope
      AND counter.scope_id = lease.scope_id AND counter.month = lease.month;
  DELETE FROM leases WHERE lessee_id = lessee;
  DELETE FROM lessees WHERE id = lessee;
END $$;
--> statement-breakpoint
-- Takes back what processes hold that have not renewed in time; returns how many there were.
CREATE FUNCTION reap_lessees() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  dead text;
  reaped integer := 0;
BEGIN
  FOR dead IN SELECT id FROM lessees WHERE expires_at < clock_timestamp() FOR UPDATE SKIP LOCKED LOOP
    PERFORM release_lessee(dead);
    reaped := reaped + 1;
  END LOOP;
  RETURN reaped;
END $$;
--> statement-breakpoint
-- Writes an event whose hold is gone: billed as far as every limit still allows, the rest waived.
CREATE FUNCTION meter_unheld(event text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  made usage_events := json_populate_record(null::usage_events, event::json);
  its_month date := date_trunc('month', made.at, 'UTC');
  allowed numeric;
BEGIN
  PERFORM lock_counters(json_build_array(
    json_build_object('organization_id', made.organization_id, 'scope', 'key', 'scope_id', made.key_id, 'month', its_month),
    json_build_object('organization_id', made.organization_id, 'scope', 'workspace', 'scope_id', made.workspace_id, 'month', its_month),
    json_build_object('organization_id', made.organization_id, 'scope', 'organization', 'scope_id', made.organization_id, 'month', its_month))::text);
  SELECT min(greatest(0, limit_pico - settled_pico - held_pico)) INTO allowed
    FROM (VALUES ('key', made.key_id), ('workspace', made.workspace_id), ('organization', made.organization_id)) AS scope (name, id),
      LATERAL spend_standing(made.organization_id, scope.name, scope.id, its_month);
  IF allowed < made.cost_pico THEN
    made.waived_pico := made.waived_pico + made.cost_pico - allowed;
    made.cost_pico := allowed;
  END IF;
  RETURN meter(json_build_array(made)::text);
END $$;
--> statement-breakpoint
-- Every process hears of changed limits at commit.
CREATE FUNCTION tell_gate_limit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed spend_limits := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  PERFORM pg_notify('gate', 'limit:' || changed.scope_id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER spend_limits_tell_gate AFTER INSERT OR UPDATE OR DELETE ON spend_limits FOR EACH ROW EXECUTE FUNCTION tell_gate_limit();
--> statement-breakpoint
CREATE FUNCTION tell_gate_rates() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed rate_overrides := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  PERFORM pg_notify('gate', 'organization:' || changed.organization_id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER rate_overrides_tell_gate AFTER INSERT OR UPDATE OR DELETE ON rate_overrides FOR EACH ROW EXECUTE FUNCTION tell_gate_rates();
