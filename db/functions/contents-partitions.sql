-- The content log lies in one table for each hour, so that an hour goes at once and leaves nothing behind.
CREATE OR REPLACE FUNCTION ensure_contents_partition(moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first timestamptz := date_trunc('hour', moment, 'UTC');
  name text := 'contents_' || to_char(first AT TIME ZONE 'UTC', 'YYYYMMDDHH24');
BEGIN
  IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('ensure_contents_partition'));
  EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF contents FOR VALUES FROM (%L) TO (%L)',
    name, first, first + interval '1 hour');
EXCEPTION WHEN invalid_object_definition THEN
  -- The table of what was there before hours had their own has this hour too.
  NULL;
END $$;

-- Drops one hour that began before a moment; how many requests it had, or null where there is no such hour left.
CREATE OR REPLACE FUNCTION drop_contents_hour(before timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  name text := (SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'contents'::regclass AND relname ~ '^contents_\d{10}$'
      AND to_timestamp(substr(relname, 10) || '+00', 'YYYYMMDDHH24TZH') < before ORDER BY relname LIMIT 1);
  requests bigint;
BEGIN
  IF name IS NULL THEN RETURN NULL; END IF;
  EXECUTE format('SELECT coalesce(sum(cardinality(request_ids)), 0) FROM %I', name) INTO requests;
  EXECUTE format('DROP TABLE %I', name);
  RETURN requests;
END $$;
