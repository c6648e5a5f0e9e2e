-- The scopes whose counters a limit sums: for a key, all keys of the chain it was rotated in, so that a successor does not
-- begin afresh.
CREATE OR REPLACE FUNCTION counted_scopes(organization text, the_scope text, the_id text) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN the_scope <> 'key' THEN ARRAY[the_id] ELSE coalesce((
    SELECT array_agg(DISTINCT mate.id) || ARRAY[the_id] FROM keys AS mine
      JOIN keys AS mate ON mate.organization_id = organization
        AND (mate.id = coalesce(mine.root_id, mine.id) OR mate.root_id = coalesce(mine.root_id, mine.id))
      WHERE mine.organization_id = organization AND mine.id = the_id), ARRAY[the_id]) END
$$;

-- What fine-tuning jobs hold of a scope in a month, or in all of them, and which jobs those are.
CREATE OR REPLACE FUNCTION held_by_jobs(organization text, the_scope text, the_ids text[], the_month date)
RETURNS TABLE (held_pico numeric, jobs text[]) LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(lease.held_pico), 0), coalesce((array_agg(DISTINCT job_id))[1:10], '{}') FROM leases AS lease
    JOIN lessees ON lessees.id = lease.lessee_id AND job_id IS NOT NULL
  WHERE lease.organization_id = organization AND scope = the_scope AND scope_id = ANY (the_ids)
    AND coalesce(month = the_month, true) AND lease.held_pico > 0
$$;

-- Each limit of a scope, with what is settled and held against it, and what of that jobs hold for hours. No row means no
-- limit. An organization has its own and, in every month a purchase order holds in, that order's cap.
CREATE OR REPLACE FUNCTION spend_standing(organization text, the_scope text, the_id text, the_month date)
RETURNS TABLE (period text, limit_pico numeric, settled_pico numeric, held_pico numeric, reserved_pico numeric, jobs text[])
LANGUAGE sql STABLE AS $$
  SELECT counted.*, reserved.held_pico, reserved.jobs FROM (
  SELECT period, limits.limit_pico, coalesce(sum(counters.settled_pico), 0), coalesce(sum(counters.held_pico), 0)
  FROM (SELECT period, limit_pico FROM spend_limits
      WHERE organization_id = organization AND scope = the_scope AND scope_id = the_id
    UNION SELECT 'month', order_cap(organization, the_month) WHERE the_scope = 'organization') AS limits
  LEFT JOIN spend_months AS counters
    ON counters.organization_id = organization AND counters.scope = the_scope
      AND counters.scope_id = ANY (counted_scopes(organization, the_scope, the_id))
      AND (limits.period = 'lifetime' OR counters.month = the_month)
  WHERE limits.limit_pico IS NOT NULL
  GROUP BY 1, 2) AS counted (period, limit_pico, settled_pico, held_pico),
  LATERAL held_by_jobs(organization, the_scope, counted_scopes(organization, the_scope, the_id),
    CASE period WHEN 'lifetime' THEN NULL ELSE the_month END) AS reserved
$$;

-- The most an organization may use in a month, by the purchase order that goes first of those active in it (pico-euros).
CREATE OR REPLACE FUNCTION order_cap(organization text, the_month date) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT (value #>> '{}')::numeric * 10000000000 FROM order_periods(organization) AS orders
    JOIN order_terms AS terms ON terms.organization_id = organization AND terms.order_id = orders.id AND terms.key = 'cap'
  WHERE state = 'active' AND starts_at < (the_month + interval '1 month')::timestamp AT TIME ZONE 'UTC'
    AND coalesce(ends_at > the_month::timestamp AT TIME ZONE 'UTC', true)
  ORDER BY position NULLS LAST, signed_at DESC, orders.id LIMIT 1
$$;

-- Locks the counters of some scopes for this transaction, in key order, and makes missing ones first. Every change of a
-- limit or of what is held comes through here, so one of two changes sees the other. A lifetime limit is counted in all
-- months of its key, so all of them are locked. Keys of one chain share the counter of its first key as their lock.
CREATE OR REPLACE FUNCTION lock_counters(asked text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO spend_months (organization_id, scope, scope_id, month)
    SELECT organization_id, scope, scope_id, month
    FROM json_to_recordset(asked::json) AS ask (organization_id text, scope text, scope_id text, month date)
    UNION SELECT organization_id, scope, root_id, month
    FROM json_to_recordset(asked::json) AS ask (organization_id text, scope text, scope_id text, month date)
      JOIN keys USING (organization_id) WHERE ask.scope = 'key' AND keys.id = ask.scope_id AND root_id IS NOT NULL
    ORDER BY 1, 2, 3, 4 ON CONFLICT DO NOTHING;
  PERFORM FROM json_to_recordset(asked::json) AS ask (organization_id text, scope text, scope_id text, month date)
    JOIN spend_months AS counter ON counter.organization_id = ask.organization_id AND counter.scope = ask.scope
      AND counter.scope_id = ANY (counted_scopes(ask.organization_id, ask.scope, ask.scope_id))
    WHERE counter.month = ask.month OR EXISTS (SELECT FROM spend_limits AS limits WHERE limits.period = 'lifetime'
      AND limits.organization_id = ask.organization_id AND limits.scope = ask.scope AND limits.scope_id = ask.scope_id)
    ORDER BY counter.organization_id, counter.scope, counter.scope_id, counter.month FOR UPDATE OF counter;
END $$;

-- One round of a process with its leases, all scopes in one step. With `done`, the process gives back all it has.
-- Otherwise it first gives back `give`, then gets `want` as far as the tightest limit goes, or nothing below `minimum`.
-- `ahead` comes on top, at most an eighth of what is left then. The answer is each scope's tightest limit afterwards.
CREATE OR REPLACE FUNCTION lease(lessee text, asked text)
RETURNS TABLE (scope_id text, month text, granted numeric, period text, limit_pico numeric, settled_pico numeric, held_pico numeric,
  reserved_pico numeric, jobs text[])
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM lessees WHERE id = lessee AND expires_at > clock_timestamp() FOR KEY SHARE;
  IF NOT FOUND THEN RAISE EXCEPTION 'lessee % is gone', lessee USING ERRCODE = 'LS001'; END IF;
  PERFORM lock_counters(asked);
  RETURN QUERY WITH standing AS (
    SELECT ask.*, coalesce(lease.held_pico, 0) AS leased,
      CASE WHEN done THEN coalesce(lease.held_pico, 0) ELSE least(give, coalesce(lease.held_pico, 0)) END AS less,
      tightest.period, tightest.limit_pico, tightest.settled_pico, tightest.held_pico, tightest.reserved_pico, tightest.jobs
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
      decided.held_pico + more - less, decided.reserved_pico, decided.jobs FROM decided;
END $$;

-- Takes back what a process holds, and forgets the process. It waits until all that the process committed is summed,
-- because until then only its leases hold that.
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

-- Takes back what processes hold that have not renewed in time; returns how many were forgotten.
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
