-- Everything an organization's rate limits follow from, in one read.
CREATE OR REPLACE FUNCTION rate_facts(organization text) RETURNS json LANGUAGE sql STABLE AS $$
  SELECT json_build_object(
    'plan', (SELECT plan FROM organizations WHERE id = organization),
    'spentPico', (SELECT coalesce(sum(settled_pico), 0)::text FROM spend_months
      WHERE organization_id = organization AND scope = 'organization' AND scope_id = organization),
    'overrides', coalesce((SELECT json_agg(json_build_object('id', id, 'workspaceId', workspace_id, 'model', model,
        'requests_second', requests_per_second, 'tokens_minute', tokens_per_minute, 'tokens_month', tokens_per_month,
        'source', source, 'reference', reference, 'reason', reason,
        'createdAt', floor(extract(epoch FROM created_at) * 1000), 'expiresAt', floor(extract(epoch FROM expires_at) * 1000)) ORDER BY id)
      FROM rate_overrides WHERE organization_id = organization AND ended_at IS NULL), '[]'::json))
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
