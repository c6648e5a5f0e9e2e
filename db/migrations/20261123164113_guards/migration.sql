-- Usage events live in one partition a month, so that old months can be dropped whole.
CREATE FUNCTION ensure_usage_partition(moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first timestamptz := date_trunc('month', moment, 'UTC');
  name text := 'usage_events_' || to_char(first AT TIME ZONE 'UTC', 'YYYY_MM');
BEGIN
  IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('ensure_usage_partition'));
  EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF usage_events FOR VALUES FROM (%L) TO (%L)',
    name, first, first + interval '1 month');
END $$;
--> statement-breakpoint
-- What is append-only is append-only for every role.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
--> statement-breakpoint
CREATE TRIGGER acceptances_append_only BEFORE UPDATE OR DELETE ON acceptances FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER documents_append_only BEFORE UPDATE OR DELETE ON documents FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER prices_append_only BEFORE UPDATE OR DELETE ON prices FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- Every process keeps looked-up keys in memory; these messages, sent at commit, make it forget what changed.
CREATE FUNCTION tell_gate_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('gate', 'key:' || OLD.id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER keys_tell_gate AFTER UPDATE OF revoked_at, expires_at, scopes, models, addresses, workspace_id, owner_id OR DELETE ON keys
  FOR EACH ROW EXECUTE FUNCTION tell_gate_key();
--> statement-breakpoint
CREATE FUNCTION tell_gate_organization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'organizations' THEN
    PERFORM pg_notify('gate', 'organization:' || OLD.id);
  ELSE
    PERFORM pg_notify('gate', 'organization:' || OLD.organization_id);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER organizations_tell_gate AFTER UPDATE OF plan, status, customer_type OR DELETE ON organizations
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();
--> statement-breakpoint
CREATE TRIGGER workspaces_tell_gate AFTER UPDATE OF archived_at OR DELETE ON workspaces
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();
--> statement-breakpoint
CREATE TRIGGER members_tell_gate AFTER UPDATE OR DELETE ON members
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();
--> statement-breakpoint
CREATE TRIGGER workspace_members_tell_gate AFTER UPDATE OR DELETE ON workspace_members
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();
--> statement-breakpoint
CREATE FUNCTION tell_gate_catalogue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('gate', 'catalogue');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER models_tell_gate AFTER INSERT OR UPDATE OR DELETE ON models FOR EACH STATEMENT EXECUTE FUNCTION tell_gate_catalogue();
--> statement-breakpoint
CREATE TRIGGER model_aliases_tell_gate AFTER INSERT OR UPDATE OR DELETE ON model_aliases FOR EACH STATEMENT EXECUTE FUNCTION tell_gate_catalogue();
--> statement-breakpoint
CREATE TRIGGER prices_tell_gate AFTER INSERT ON prices FOR EACH STATEMENT EXECUTE FUNCTION tell_gate_catalogue();
--> statement-breakpoint
-- Writes a batch of usage events and everything that sums them, once: an event that is already there adds nothing.
-- Rows are touched in key order in every table, so that two processes cannot wait for each other in a ring.
CREATE FUNCTION meter(batch text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  fresh usage_events[];
BEGIN
  WITH added AS (
    INSERT INTO usage_events SELECT * FROM json_populate_recordset(null::usage_events, batch::json) ON CONFLICT DO NOTHING RETURNING *
  ) SELECT array_agg(added::usage_events) INTO fresh FROM added;
  IF fresh IS NULL THEN RETURN 0; END IF;

  INSERT INTO usage_days_by_model AS day
    SELECT organization_id, workspace_id, (at AT TIME ZONE 'UTC')::date, model, count(*), count(*) FILTER (WHERE outcome <> 'answered'),
      sum(prompt_tokens), sum(cached_tokens), sum(completion_tokens), sum(cost_pico)
    FROM unnest(fresh) GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (organization_id, workspace_id, day, model) DO UPDATE SET
      requests = day.requests + excluded.requests, failed = day.failed + excluded.failed,
      prompt_tokens = day.prompt_tokens + excluded.prompt_tokens, cached_tokens = day.cached_tokens + excluded.cached_tokens,
      completion_tokens = day.completion_tokens + excluded.completion_tokens, cost_pico = day.cost_pico + excluded.cost_pico;

  INSERT INTO usage_days_by_key AS day
    SELECT organization_id, workspace_id, (at AT TIME ZONE 'UTC')::date, key_id, count(*), count(*) FILTER (WHERE outcome <> 'answered'),
      sum(prompt_tokens), sum(cached_tokens), sum(completion_tokens), sum(cost_pico)
    FROM unnest(fresh) GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (organization_id, workspace_id, day, key_id) DO UPDATE SET
      requests = day.requests + excluded.requests, failed = day.failed + excluded.failed,
      prompt_tokens = day.prompt_tokens + excluded.prompt_tokens, cached_tokens = day.cached_tokens + excluded.cached_tokens,
      completion_tokens = day.completion_tokens + excluded.completion_tokens, cost_pico = day.cost_pico + excluded.cost_pico;

  INSERT INTO spend_months AS month
    SELECT organization_id, (date_trunc('month', at, 'UTC') AT TIME ZONE 'UTC')::date, scope.name, scope.id, sum(cost_pico)
    FROM unnest(fresh) AS event, LATERAL (VALUES
      ('organization', event.organization_id), ('workspace', event.workspace_id), ('key', event.key_id)) AS scope (name, id)
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (organization_id, month, scope, scope_id) DO UPDATE SET settled_pico = month.settled_pico + excluded.settled_pico;

  RETURN array_length(fresh, 1);
END $$;
