-- Queues committed events for every connection that usage leaves by, in the transaction that commits them: a long stream is
-- in the queue when it ends, whatever its id. A row holds as many as one message of spans.
CREATE OR REPLACE FUNCTION queue_exports(fresh usage_events[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO usage_exports (organization_id, connection_id, at, events, workspaces)
    SELECT organization_id, connection_id, greatest(clock_timestamp(), max(at)), array_agg(id ORDER BY id), array_agg(workspace_id ORDER BY id)
    FROM (
      SELECT organization_id, connection_id, event.workspace_id, id, at,
        (row_number() OVER (PARTITION BY organization_id, connection_id ORDER BY id) - 1) / 512 AS piece
      FROM unnest(fresh) AS event JOIN export_targets AS target USING (organization_id)
      WHERE is_collecting AND (target.workspace_id IS NULL OR target.workspace_id = event.workspace_id)
        AND NOT EXISTS (SELECT FROM connector_rules AS rules WHERE rules.organization_id = target.organization_id
          AND rules.connector = target.connector AND rule = 'blocked' AND rules.workspace_id = event.workspace_id)
    ) AS leaving GROUP BY organization_id, connection_id, piece ORDER BY organization_id, connection_id, piece
$$;

-- Whether the traces of a workspace's requests leave, which its keys are told.
CREATE OR REPLACE FUNCTION exports_traces(organization text, workspace text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM export_targets WHERE organization_id = organization AND is_collecting AND connector IN ('otlp', 'langfuse')
    AND (workspace_id IS NULL OR workspace_id = workspace))
$$;

-- Gives up all that waits for a connection, and says when the oldest of it was committed.
CREATE OR REPLACE FUNCTION drop_exports(organization text, connection text, moment timestamptz) RETURNS timestamptz LANGUAGE sql AS $$
  WITH queued AS (
    DELETE FROM usage_exports WHERE organization_id = organization AND connection_id = connection RETURNING at
  ), bound AS (
    UPDATE export_parcels SET dropped_at = moment, events = '{}', workspaces = '{}'
      WHERE organization_id = organization AND connection_id = connection AND sent_at IS NULL AND dropped_at IS NULL
      RETURNING first_at, kind
  ) SELECT min(at) FROM (SELECT at FROM queued UNION ALL SELECT first_at FROM bound WHERE kind <> 'manifest') AS lost (at)
$$;

-- Stops collecting for a connection; with `is_dropped` what waits is given up too. What is missing from then on is the gap.
CREATE OR REPLACE FUNCTION stop_exports(organization text, connection text, moment timestamptz, is_dropped boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  lost timestamptz := CASE WHEN is_dropped THEN drop_exports(organization, connection, moment) END;
  was_collecting boolean;
BEGIN
  SELECT is_collecting INTO was_collecting FROM export_targets WHERE organization_id = organization AND connection_id = connection;
  UPDATE export_targets SET is_collecting = false WHERE organization_id = organization AND connection_id = connection AND is_collecting;
  IF was_collecting OR lost IS NOT NULL THEN
    UPDATE connections SET gap_until = NULL, gap_from = least(lost, CASE WHEN gap_until IS NULL THEN coalesce(gap_from, moment) ELSE moment END)
      WHERE organization_id = organization AND id = connection;
  END IF;
END $$;

-- Usage is collected for a connection that is connected, fails or needs its people. One that is paused keeps what waited
-- before; one that was given up, blocked or disconnected does not.
CREATE OR REPLACE FUNCTION follow_export(organization text, connection text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  its connections;
  moment timestamptz;
  is_blocked boolean;
BEGIN
  SELECT * INTO its FROM connections WHERE organization_id = organization AND id = connection;
  IF its.connector IS NULL OR its.connector NOT IN ('s3-usage', 'otlp', 'langfuse') OR its.state = 'pending' THEN RETURN; END IF;
  moment := greatest(clock_timestamp(), its.created_at, its.last_used_at, its.ended_at);
  is_blocked := EXISTS (SELECT FROM connector_rules WHERE organization_id = organization AND connector = its.connector AND rule = 'blocked'
    AND (workspace_id IS NULL OR workspace_id = its.workspace_id));
  INSERT INTO export_targets (organization_id, connection_id, connector, workspace_id, is_collecting)
    VALUES (organization, connection, its.connector, its.workspace_id, false) ON CONFLICT DO NOTHING;
  IF is_blocked OR its.state NOT IN ('connected', 'failing', 'needs_reconnect') THEN
    PERFORM stop_exports(organization, connection, moment, is_blocked OR its.state <> 'paused' OR its.paused_reason IS NOT NULL);
  ELSE
    UPDATE export_targets SET is_collecting = true, attempts = CASE its.state WHEN 'connected' THEN 0 ELSE attempts END,
        next_at = CASE its.state WHEN 'connected' THEN NULL ELSE next_at END
      WHERE organization_id = organization AND connection_id = connection;
    UPDATE connections SET gap_until = moment
      WHERE organization_id = organization AND id = connection AND gap_from IS NOT NULL AND gap_until IS NULL;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION connection_follows_export() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM follow_export(NEW.organization_id, NEW.id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER connections_follow_export AFTER INSERT OR UPDATE OF state, paused_reason ON connections
  FOR EACH ROW EXECUTE FUNCTION connection_follows_export();

CREATE OR REPLACE FUNCTION rule_follows_export() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed connector_rules := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  PERFORM follow_export(organization_id, id) FROM connections
    WHERE organization_id = changed.organization_id AND connector = changed.connector AND state <> 'disconnected';
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER connector_rules_follow_export AFTER INSERT OR UPDATE OR DELETE ON connector_rules
  FOR EACH ROW EXECUTE FUNCTION rule_follows_export();
