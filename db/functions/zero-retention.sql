-- T-4.2.2.2-ZDR1: what the order that goes first of those in force says of zero retention. Who puts one in force has the
-- organization's row, so `is_zero_retention` waits for them too.
CREATE OR REPLACE FUNCTION ordered_zero_retention(organization text) RETURNS boolean LANGUAGE sql STABLE AS $$
  -- Most customers have no order that says anything of it; then no period of any order is looked at.
  SELECT CASE WHEN EXISTS (SELECT FROM order_terms WHERE organization_id = organization AND key = 'zero-retention')
    THEN coalesce((SELECT terms.value = 'true'::jsonb FROM order_periods(organization) AS orders
    JOIN order_terms AS terms ON terms.organization_id = organization AND terms.order_id = orders.id AND terms.key = 'zero-retention'
    WHERE starts_at <= clock_timestamp() AND coalesce(ends_at > clock_timestamp(), true)
    ORDER BY "position" NULLS LAST, signed_at DESC, orders.id LIMIT 1), false) ELSE false END
$$;

-- T-4.2.2.2-ZDR4: whether nothing of a workspace may be kept. The answer holds until the transaction that asked ends: who
-- puts it under zero retention waits for that, and whoever asks after it gets the new one. So nothing is stored after its commit.
CREATE OR REPLACE FUNCTION is_zero_retention(organization text, workspace text) RETURNS boolean LANGUAGE sql VOLATILE AS $$
  SELECT coalesce((SELECT organizations.zero_retention_since IS NOT NULL OR workspaces.zero_retention_since IS NOT NULL
    FROM organizations JOIN workspaces ON workspaces.organization_id = organizations.id
    WHERE organizations.id = organization AND workspaces.id = workspace FOR SHARE), true) OR ordered_zero_retention(organization)
$$;

-- The same for who only reads: it holds no one up.
CREATE OR REPLACE FUNCTION is_under_zero_retention(organization text, workspace text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT organizations.zero_retention_since IS NOT NULL OR workspaces.zero_retention_since IS NOT NULL
    FROM organizations JOIN workspaces ON workspaces.organization_id = organizations.id
    WHERE organizations.id = organization AND workspaces.id = workspace), true) OR ordered_zero_retention(organization)
$$;

-- Whether a request that covers a workspace, if only by its organization, is in force.
CREATE OR REPLACE FUNCTION zero_retention_grants(organization text, workspace text)
RETURNS TABLE (keep_classes text[]) LANGUAGE sql STABLE AS $$
  SELECT keep_classes FROM zero_retention_requests WHERE organization_id = organization
    AND state IN ('approved', 'implementing', 'active', 'ending') AND (scope = 'organization' OR workspace_id = workspace)
$$;

-- T-4.2.2.2-ZDR4: what is kept under zero retention on the customer's own instruction. All that is in force has to allow it.
CREATE OR REPLACE FUNCTION kept_classes(organization text, workspace text) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(class ORDER BY class), '{}') FROM unnest(ARRAY['agents', 'conversations', 'files']) AS class
  WHERE EXISTS (SELECT FROM zero_retention_grants(organization, workspace))
    AND NOT EXISTS (SELECT FROM zero_retention_grants(organization, workspace) WHERE class <> ALL (keep_classes))
$$;

-- T-4.2.2.2-ZDR2: whether requests of an organization may ask for zero retention one by one.
CREATE OR REPLACE FUNCTION may_require_zero_retention(organization text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM zero_retention_requests WHERE organization_id = organization AND scope = 'on_request'
    AND state IN ('approved', 'implementing', 'active', 'ending'))
$$;

-- The second line: whatever a process remembers or a statement leaves out. A class is what the customer may have kept. What
-- a start seals was there before: it has no key yet.
CREATE OR REPLACE FUNCTION refuse_under_zero_retention() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  workspace text;
  own_key bytea;
BEGIN
  IF TG_TABLE_NAME IN ('conversation_entries', 'responses') THEN
    SELECT workspace_id, key INTO workspace, own_key FROM conversations
      WHERE organization_id = NEW.organization_id AND id = NEW.conversation_id;
  ELSIF TG_TABLE_NAME = 'file_reports' THEN
    SELECT workspace_id INTO workspace FROM files WHERE organization_id = NEW.organization_id AND id = NEW.file_id;
    own_key := '';
  ELSIF TG_TABLE_NAME = 'batch_requests' THEN
    SELECT workspace_id, key INTO workspace, own_key FROM batch_jobs
      WHERE organization_id = NEW.organization_id AND id = NEW.job_id;
  ELSIF TG_TABLE_NAME IN ('tuning_logs', 'tuning_reviews') THEN
    SELECT workspace_id, key INTO workspace, own_key FROM tuning_jobs
      WHERE organization_id = NEW.organization_id AND id = NEW.job_id;
  ELSIF TG_TABLE_NAME = 'agent_versions' THEN
    SELECT workspace_id, key INTO workspace, own_key FROM agents
      WHERE organization_id = NEW.organization_id AND id = NEW.agent_id;
  ELSE
    workspace := NEW.workspace_id;
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME IN ('conversations', 'agents') THEN
      own_key := OLD.key;
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND TG_NARGS > 0 AND own_key IS NULL THEN
    RETURN NEW;
  END IF;
  IF (TG_NARGS = 0 AND keeps_no_content(NEW.organization_id, workspace))
    OR (TG_NARGS > 0 AND is_zero_retention(NEW.organization_id, workspace) AND TG_ARGV[0] <> ALL (kept_classes(NEW.organization_id, workspace))) THEN
    RAISE EXCEPTION '% keeps nothing of a workspace under zero retention', TG_TABLE_NAME USING ERRCODE = 'ZR001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER contents_zero_retention BEFORE UPDATE OF sealed ON contents
  FOR EACH ROW EXECUTE FUNCTION refuse_under_zero_retention();

-- The content log comes in batches, of which each workspace is asked about once.
CREATE OR REPLACE FUNCTION refuse_contents_under_zero_retention() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT organization_id, workspace_id FROM added) AS scopes
    WHERE keeps_no_content(organization_id, workspace_id)) THEN
    RAISE EXCEPTION 'contents keeps nothing of a workspace under zero retention' USING ERRCODE = 'ZR001';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER contents_added_zero_retention AFTER INSERT ON contents REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_contents_under_zero_retention();

-- A sign that was read from what was said is derived from it. One that comes from figures alone is not.
CREATE OR REPLACE TRIGGER abuse_flags_zero_retention BEFORE INSERT ON abuse_flags
  FOR EACH ROW WHEN (NEW.source IN ('rule', 'model', 'refusals')) EXECUTE FUNCTION refuse_under_zero_retention();

CREATE OR REPLACE TRIGGER conversations_zero_retention BEFORE INSERT OR UPDATE OF about, setup, unsealed ON conversations
  FOR EACH ROW EXECUTE FUNCTION refuse_under_zero_retention('conversations');

CREATE OR REPLACE TRIGGER conversation_entries_zero_retention BEFORE INSERT OR UPDATE OF sealed ON conversation_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_under_zero_retention('conversations');

CREATE OR REPLACE TRIGGER responses_zero_retention BEFORE INSERT OR UPDATE OF sealed ON responses
  FOR EACH ROW EXECUTE FUNCTION refuse_under_zero_retention('conversations');

CREATE OR REPLACE TRIGGER agents_zero_retention BEFORE INSERT ON agents
  FOR EACH ROW EXECUTE FUNCTION refuse_under_zero_retention('agents');

-- To take a draft away keeps nothing.
CREATE OR REPLACE TRIGGER agents_draft_zero_retention BEFORE UPDATE OF sealed_draft, unsealed ON agents
  FOR EACH ROW WHEN (NEW.sealed_draft IS NOT NULL OR NEW.unsealed IS NOT NULL)
  EXECUTE FUNCTION refuse_under_zero_retention('agents');

CREATE OR REPLACE TRIGGER agent_versions_zero_retention BEFORE INSERT OR UPDATE OF sealed, unsealed, message ON agent_versions
  FOR EACH ROW EXECUTE FUNCTION refuse_under_zero_retention('agents');

CREATE OR REPLACE TRIGGER files_zero_retention BEFORE INSERT ON files
  FOR EACH ROW EXECUTE FUNCTION refuse_under_zero_retention('files');

-- What is tuned comes from files.
CREATE OR REPLACE TRIGGER tuning_jobs_zero_retention BEFORE INSERT ON tuning_jobs
  FOR EACH ROW EXECUTE FUNCTION refuse_under_zero_retention('files');

CREATE OR REPLACE TRIGGER batch_jobs_zero_retention BEFORE INSERT ON batch_jobs
  FOR EACH ROW EXECUTE FUNCTION refuse_under_zero_retention('files');

-- To take a result away keeps nothing.
CREATE OR REPLACE TRIGGER batch_requests_zero_retention BEFORE INSERT OR UPDATE OF sealed_result ON batch_requests
  FOR EACH ROW WHEN (NEW.sealed_result IS NOT NULL) EXECUTE FUNCTION refuse_under_zero_retention('files');

CREATE OR REPLACE TRIGGER file_reports_zero_retention BEFORE INSERT OR UPDATE OF sealed_report ON file_reports
  FOR EACH ROW EXECUTE FUNCTION refuse_under_zero_retention('files');

CREATE OR REPLACE TRIGGER tuning_logs_zero_retention BEFORE INSERT OR UPDATE OF sealed_text ON tuning_logs
  FOR EACH ROW EXECUTE FUNCTION refuse_under_zero_retention('files');

CREATE OR REPLACE TRIGGER tuning_reviews_zero_retention BEFORE INSERT OR UPDATE OF sealed_prompts ON tuning_reviews
  FOR EACH ROW EXECUTE FUNCTION refuse_under_zero_retention('files');

CREATE OR REPLACE TRIGGER tuned_models_zero_retention BEFORE INSERT ON tuned_models
  FOR EACH ROW EXECUTE FUNCTION refuse_under_zero_retention('files');

CREATE OR REPLACE TRIGGER file_uploads_zero_retention BEFORE INSERT OR UPDATE OF parts ON file_uploads
  FOR EACH ROW EXECUTE FUNCTION refuse_under_zero_retention('files');

-- T-4.2.2.2-ZDR5: what is asked on the free plan may train models, so it is never under zero retention.
CREATE OR REPLACE FUNCTION refuse_free_zero_retention() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_free boolean;
  is_flagged boolean := NEW.zero_retention_since IS NOT NULL;
BEGIN
  IF TG_TABLE_NAME = 'organizations' THEN
    is_free := NEW.plan = 'free';
    is_flagged := is_flagged OR EXISTS (SELECT FROM workspaces WHERE organization_id = NEW.id AND zero_retention_since IS NOT NULL);
  ELSE
    SELECT plan = 'free' INTO is_free FROM organizations WHERE id = NEW.organization_id FOR SHARE;
  END IF;
  IF is_free AND is_flagged THEN
    RAISE EXCEPTION 'the free plan has no zero retention' USING ERRCODE = 'ZR002';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER organizations_free_zero_retention BEFORE UPDATE OF plan, zero_retention_since ON organizations
  FOR EACH ROW WHEN (NEW.plan = 'free') EXECUTE FUNCTION refuse_free_zero_retention();

CREATE OR REPLACE TRIGGER workspaces_free_zero_retention BEFORE INSERT OR UPDATE OF zero_retention_since ON workspaces
  FOR EACH ROW WHEN (NEW.zero_retention_since IS NOT NULL) EXECUTE FUNCTION refuse_free_zero_retention();
