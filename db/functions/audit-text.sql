-- The text of which a row's hash is made, so that a chain can be checked away from the database: SHA-256 of it is the hash,
-- and it names the hash of the row before.
CREATE OR REPLACE FUNCTION audit_event_text(event audit_events) RETURNS text LANGUAGE sql STABLE SET "TimeZone" = 'UTC' AS $$
  SELECT jsonb_object_agg(key, value)::text FROM jsonb_each(to_jsonb(event) - 'hash') WHERE value <> 'null'
$$;
