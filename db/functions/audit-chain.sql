-- A row's hash covers every column but the hash itself, so no later column can be forgotten. Nulls are left out, so a new
-- column leaves the hashes of older rows as they are. Instants are written in UTC, whatever zone the session has.
CREATE OR REPLACE FUNCTION audit_event_hash(event audit_events) RETURNS text LANGUAGE sql STABLE SET "TimeZone" = 'UTC' AS $$
  SELECT encode(sha256(convert_to((SELECT jsonb_object_agg(key, value)::text
    FROM jsonb_each(to_jsonb(event) - 'hash') WHERE value <> 'null'), 'UTF8')), 'hex')
$$;

-- Chains a row to the one before it. The head stays locked until the transaction ends, so two processes cannot follow the
-- same row; audit rows are therefore written last (lib/core/context.ts does so). The function runs with its owner's rights,
-- because no other role has any on the heads. It also keeps the last row of each clause, so that no one searches the log.
CREATE OR REPLACE FUNCTION chain_audit_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO audit_heads AS head (organization_id, sequence, hash) VALUES (NEW.organization_id, 1, '')
    ON CONFLICT (organization_id) DO UPDATE SET sequence = head.sequence + 1
    RETURNING sequence, hash INTO NEW.sequence, NEW.previous_hash;
  NEW.hash := audit_event_hash(NEW);
  UPDATE audit_heads SET hash = NEW.hash WHERE organization_id = NEW.organization_id;
  IF NEW.clause IS NOT NULL THEN
    -- Rows of one organization come one after the other, so the last one written is the newest.
    INSERT INTO clause_evidence (organization_id, clause, sequence, at, action, object_type, object_id, actor_name)
      VALUES (NEW.organization_id, NEW.clause, NEW.sequence, NEW.at, NEW.action, NEW.object_type, NEW.object_id, NEW.actor_name)
      ON CONFLICT (organization_id, clause) DO UPDATE SET sequence = EXCLUDED.sequence, at = EXCLUDED.at, action = EXCLUDED.action,
        object_type = EXCLUDED.object_type, object_id = EXCLUDED.object_id, actor_name = EXCLUDED.actor_name;
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER audit_events_chain BEFORE INSERT ON audit_events
  FOR EACH ROW EXECUTE FUNCTION chain_audit_event();

-- Lists what is wrong with one chain, or with all of them. A row is `changed` when its hash does not fit, and `moved`
-- when it does not follow the row before it. A gap is `missing`. An end that differs from the head is `truncated` or
-- `unknown`. A check can go on after a row that an earlier check reached, given that row's hash.
CREATE OR REPLACE FUNCTION audit_flaws(organization text, reached bigint, reached_hash text)
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
