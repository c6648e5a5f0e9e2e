-- Writes a batch of usage events and everything that sums them, once: an event that is already there adds nothing.
-- One statement, so that the fresh rows are read from memory. Its parts run in the same order in every process and
-- touch their rows in key order, so that two processes cannot wait for each other in a ring.
CREATE OR REPLACE FUNCTION meter(batch text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  written integer;
BEGIN
  WITH fresh AS (
    INSERT INTO usage_events SELECT * FROM json_populate_recordset(null::usage_events, batch::json) ON CONFLICT DO NOTHING
    RETURNING organization_id, workspace_id, key_id, model, (at AT TIME ZONE 'UTC')::date AS day,
      (outcome <> 'answered')::integer AS failed, prompt_tokens, cached_tokens, completion_tokens, cost_pico
  ), by_model AS (
    INSERT INTO usage_days_by_model AS day
      SELECT organization_id, workspace_id, day, model, count(*), sum(failed),
        sum(prompt_tokens), sum(cached_tokens), sum(completion_tokens), sum(cost_pico)
      FROM fresh GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
      ON CONFLICT (organization_id, workspace_id, day, model) DO UPDATE SET
        requests = day.requests + excluded.requests, failed = day.failed + excluded.failed,
        prompt_tokens = day.prompt_tokens + excluded.prompt_tokens, cached_tokens = day.cached_tokens + excluded.cached_tokens,
        completion_tokens = day.completion_tokens + excluded.completion_tokens, cost_pico = day.cost_pico + excluded.cost_pico
  ), by_key AS (
    INSERT INTO usage_days_by_key AS day
      SELECT organization_id, workspace_id, day, key_id, count(*), sum(failed),
        sum(prompt_tokens), sum(cached_tokens), sum(completion_tokens), sum(cost_pico)
      FROM fresh GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
      ON CONFLICT (organization_id, workspace_id, day, key_id) DO UPDATE SET
        requests = day.requests + excluded.requests, failed = day.failed + excluded.failed,
        prompt_tokens = day.prompt_tokens + excluded.prompt_tokens, cached_tokens = day.cached_tokens + excluded.cached_tokens,
        completion_tokens = day.completion_tokens + excluded.completion_tokens, cost_pico = day.cost_pico + excluded.cost_pico
  ), by_month AS (
    INSERT INTO spend_months AS month
      SELECT organization_id, date_trunc('month', day)::date, scope.name, scope.id, sum(cost_pico)
      FROM fresh, LATERAL (VALUES ('organization', organization_id), ('workspace', workspace_id), ('key', key_id)) AS scope (name, id)
      GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
      ON CONFLICT (organization_id, month, scope, scope_id) DO UPDATE SET settled_pico = month.settled_pico + excluded.settled_pico
  ) SELECT count(*) INTO written FROM fresh;
  RETURN written;
END $$;
