-- Everything an organization's rate limits follow from, in one read.
CREATE OR REPLACE FUNCTION rate_facts(organization text) RETURNS json LANGUAGE sql STABLE AS $$
  SELECT json_build_object(
    'plan', (SELECT plan FROM organizations WHERE id = organization),
    'orders', coalesce((SELECT json_agg(json_build_object('startsAt', instant_ms(starts_at), 'endsAt', instant_ms(ends_at)) ORDER BY id)
      FROM order_periods(organization)), '[]'::json),
    'spentPico', (SELECT coalesce(sum(settled_pico), 0)::text FROM spend_months
      WHERE organization_id = organization AND scope = 'organization' AND scope_id = organization),
    'overrides', coalesce((SELECT json_agg(json_build_object('id', id, 'workspaceId', workspace_id, 'model', model,
        'requests_second', requests_per_second, 'tokens_minute', tokens_per_minute, 'tokens_month', tokens_per_month,
        'source', source, 'reference', reference, 'reason', reason, 'position', position,
        'createdAt', instant_ms(created_at), 'startsAt', instant_ms(starts_at), 'expiresAt', instant_ms(expires_at)) ORDER BY id)
      FROM (
        SELECT id, workspace_id, model, requests_per_second, tokens_per_minute, tokens_per_month, source, reference, reason,
          null::integer AS position, created_at, null::timestamptz AS starts_at, expires_at
          FROM rate_overrides WHERE organization_id = organization AND ended_at IS NULL
        UNION ALL SELECT * FROM ordered_rates(organization)) AS said), '[]'::json))
$$;

-- What purchase orders say of rate limits: one row for each order and model.
CREATE OR REPLACE FUNCTION ordered_rates(organization text)
RETURNS TABLE (id text, workspace_id text, model text, requests_per_second double precision, tokens_per_minute double precision,
  tokens_per_month double precision, source text, reference text, reason text, "position" integer, created_at timestamptz,
  starts_at timestamptz, expires_at timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT orders.id, null, nullif(its_model, '*'), max(amount) FILTER (WHERE kind = 'requests_second'),
    max(amount) FILTER (WHERE kind = 'tokens_minute'), max(amount) FILTER (WHERE kind = 'tokens_month'),
    'purchase_order', orders.number, 'As ordered', orders.position, orders.signed_at, orders.starts_at, orders.ends_at
  FROM order_periods(organization) AS orders
    JOIN (SELECT order_id, split_part(key, ':', 2) AS kind, substr(key, length(split_part(key, ':', 2)) + 7) AS its_model,
        value::text::double precision AS amount
      FROM order_terms WHERE organization_id = organization AND key LIKE 'rate:%') AS said ON said.order_id = orders.id
  GROUP BY orders.id, orders.number, orders.position, orders.signed_at, orders.starts_at, orders.ends_at, its_model
$$;

-- Takes from some buckets in one step. `need` is granted whole, or in part if that is at least `least`. `ahead` comes on
-- top, at most an eighth of what is left then. `correction` is what earlier requests used more or less than they took;
-- `floor` is what is known to be used elsewhere. The database's clock counts, because clocks of processes differ.
-- Buckets are touched in key order, so that no two processes deadlock.
CREATE OR REPLACE FUNCTION take_rates(asked text)
RETURNS TABLE (place integer, granted double precision, level double precision)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  ask record;
  bucket record;
  instant timestamptz;
  available double precision;
BEGIN
  -- A crash may forget the last moments of a bucket; no one should wait for the disk because of it.
  PERFORM set_config('synchronous_commit', 'off', true);
  FOR ask IN SELECT * FROM json_to_recordset(asked::json) AS ask (place integer, organization text, name text,
      capacity double precision, per_second double precision, need double precision, least double precision,
      ahead double precision, correction double precision, floor double precision)
    ORDER BY organization, name LOOP
    INSERT INTO rate_buckets (organization_id, name, level, at) VALUES (ask.organization, ask.name, 0, clock_timestamp()) ON CONFLICT DO NOTHING;
    SELECT * INTO bucket FROM rate_buckets WHERE organization_id = ask.organization AND name = ask.name FOR UPDATE;
    instant := greatest(clock_timestamp(), bucket.at);
    level := greatest(0, bucket.level - extract(epoch FROM instant - bucket.at) * ask.per_second);
    level := greatest(0, greatest(level, ask.floor) + ask.correction);
    available := ask.capacity - level + 1e-6;
    granted := CASE
      WHEN available >= ask.need THEN ask.need + greatest(0, least(ask.ahead, floor((available - ask.need) / 8)))
      WHEN available >= ask.least THEN floor(available)
      ELSE 0 END;
    level := level + granted;
    UPDATE rate_buckets SET level = take_rates.level, at = instant WHERE organization_id = ask.organization AND name = ask.name;
    place := ask.place;
    RETURN NEXT;
  END LOOP;
END $$;
