-- Writes usage events and everything that sums them. An event that is there already adds nothing. With a lessee, their cost
-- moves from held to settled, out of that process's leases. If those do not cover it, a check violation undoes everything.
-- All processes touch rows in the same order: events, priced lines, sums, counters, leases, each by key. So no two deadlock.
CREATE OR REPLACE FUNCTION meter_events(fresh usage_events[], lessee text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  costs scope_cost[];
  is_met boolean;
  is_exporting boolean;
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
    SELECT organization_id, workspace_id, key_id, model, end_user, input_micros, cached_input_micros, output_micros,
      date_trunc('hour', at, 'UTC') AS hour, kind, CASE kind WHEN 'training' THEN trunc(fee_pico / greatest(quantity, 1)) ELSE 0 END AS unit_micros,
      count(*) FILTER (WHERE kind = 'request') AS requests, sum(quantity) AS quantity, sum(fee_pico) AS fee_pico,
      count(*) FILTER (WHERE kind = 'request' AND outcome <> 'answered') AS failed, sum(prompt_tokens) AS prompt_tokens,
      sum(cached_tokens) AS cached_tokens, sum(completion_tokens) AS completion_tokens, sum(cost_pico) AS cost_pico
    FROM unnest(fresh) GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
  ), priced AS (
    INSERT INTO usage_lines AS known (organization_id, month, workspace_id, model, input_micros, cached_input_micros, output_micros,
        kind, unit_micros, requests, quantity, prompt_tokens, cached_tokens, completion_tokens, cost_pico)
      SELECT organization_id, date_trunc('month', hour, 'UTC')::date, workspace_id, model, input_micros, cached_input_micros, output_micros,
        kind, unit_micros, sum(requests), sum(quantity), sum(prompt_tokens), sum(cached_tokens), sum(completion_tokens), sum(cost_pico)
      FROM alike WHERE input_micros + cached_input_micros + output_micros > 0 OR fee_pico > 0
      GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9
      ON CONFLICT (organization_id, month, workspace_id, model, input_micros, cached_input_micros, output_micros, kind, unit_micros) DO UPDATE SET
        requests = known.requests + excluded.requests, quantity = known.quantity + excluded.quantity, prompt_tokens = known.prompt_tokens + excluded.prompt_tokens,
        cached_tokens = known.cached_tokens + excluded.cached_tokens,
        completion_tokens = known.completion_tokens + excluded.completion_tokens, cost_pico = known.cost_pico + excluded.cost_pico
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
    WHERE scope.id IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ), by_month AS (
    INSERT INTO spend_months AS known (organization_id, scope, scope_id, month, settled_pico, tokens)
      SELECT organization_id, scope, scope_id, month, pico, tokens FROM scopes
      ON CONFLICT (organization_id, scope, scope_id, month) DO UPDATE SET
        settled_pico = known.settled_pico + excluded.settled_pico, tokens = known.tokens + excluded.tokens,
        held_pico = known.held_pico - CASE WHEN lessee IS NULL THEN 0 ELSE excluded.settled_pico END
      RETURNING organization_id, scope, month, settled_pico
  ), met AS (
    SELECT FROM by_month JOIN billing_cycles AS cycle USING (organization_id, month)
      WHERE scope = 'organization' AND state = 'open' AND settled_pico >= next_cents::numeric * 10000000000 LIMIT 1
  ), exporting AS (
    SELECT FROM scopes JOIN export_targets USING (organization_id) WHERE scope = 'organization' AND is_collecting LIMIT 1
  ) SELECT array_agg((organization_id, scope, scope_id, month, pico)::scope_cost) FILTER (WHERE pico > 0), EXISTS (SELECT FROM met),
      EXISTS (SELECT FROM exporting)
    INTO costs, is_met, is_exporting FROM scopes;

  IF lessee IS NOT NULL AND costs IS NOT NULL THEN
    UPDATE leases SET held_pico = held_pico - cost.pico FROM unnest(costs) AS cost
      WHERE leases.organization_id = cost.organization_id AND leases.scope = cost.scope AND leases.scope_id = cost.scope_id
        AND leases.month = cost.month AND lessee_id = lessee;
    GET DIAGNOSTICS covered = ROW_COUNT;
    IF covered < array_length(costs, 1) THEN
      RAISE EXCEPTION 'leases of % are gone', lessee USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF is_exporting THEN
    PERFORM queue_exports(fresh);
  END IF;
  -- T-5.2-ADV2: who meets a threshold is seen to at once; a sweep each minute finds what this one cannot.
  IF is_met THEN
    PERFORM enqueue_job('billing.issue-advances', '{}', 'billing.issue-advances:met', 8, null, null);
  END IF;
  RETURN coalesce(cardinality(fresh), 0);
END $$;

-- The same for text: a JSON array of objects, or the literal of an array of rows. Reading the literal costs a third.
CREATE OR REPLACE FUNCTION meter(batch text, lessee text DEFAULT NULL) RETURNS integer LANGUAGE sql AS $$
  SELECT meter_events(CASE WHEN starts_with(batch, '{') THEN batch::usage_events[]
    ELSE ARRAY(SELECT event FROM json_populate_recordset(null::usage_events, batch::json) AS event) END, lessee)
$$;

-- Writes an event whose hold is gone. It is billed as far as every limit still allows; the rest is waived.
CREATE OR REPLACE FUNCTION meter_unheld(event text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  made usage_events := json_populate_record(null::usage_events, event::json);
  its_month date := date_trunc('month', made.at, 'UTC');
  allowed numeric;
BEGIN
  PERFORM lock_counters((SELECT json_agg(json_build_object('organization_id', made.organization_id, 'scope', name, 'scope_id', id, 'month', its_month))
    FROM (VALUES ('key', made.key_id), ('workspace', made.workspace_id), ('organization', made.organization_id)) AS scope (name, id)
    WHERE id IS NOT NULL)::text);
  SELECT min(greatest(0, limit_pico - settled_pico - held_pico)) INTO allowed
    FROM (VALUES ('key', made.key_id), ('workspace', made.workspace_id), ('organization', made.organization_id)) AS scope (name, id),
      LATERAL spend_standing(made.organization_id, scope.name, scope.id, its_month) WHERE scope.id IS NOT NULL;
  IF allowed < made.cost_pico THEN
    made.waived_pico := made.waived_pico + made.cost_pico - allowed;
    made.cost_pico := allowed;
  END IF;
  RETURN meter(json_build_array(made)::text);
END $$;
