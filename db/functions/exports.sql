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
    ) AS leaving GROUP BY organization_id, connection_id, piece ORDER BY organization_id, connection_id, piece
$$;

-- Whether the traces of a workspace's requests leave, which its keys are told.
CREATE OR REPLACE FUNCTION exports_traces(organization text, workspace text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM export_targets WHERE organization_id = organization AND is_collecting AND connector IN ('otlp', 'langfuse')
    AND (workspace_id IS NULL OR workspace_id = workspace))
$$;
