-- The organizations a transaction may touch: the one it entered or, before it entered one, those the person belongs to.
CREATE OR REPLACE FUNCTION reachable_organizations() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT CASE WHEN coalesce(current_setting('app.organization', true), '') <> '' THEN ARRAY[current_setting('app.organization', true)]
    ELSE ARRAY(SELECT organization_id FROM members WHERE user_id = nullif(current_setting('app.person', true), '')) END
$$;

-- Whether a transaction may touch all of them: only staff may.
CREATE OR REPLACE FUNCTION reaches_all() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(current_setting('app.reach', true), '') = 'all'
$$;

-- Puts every table with an organization_id behind a policy, unless it has one. Migrating ends with this, so no new table
-- is forgotten. Partitions get no rights: the role reaches them through their table.
CREATE OR REPLACE FUNCTION protect_tables() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  found record;
  visible text;
  writable text;
BEGIN
  FOR found IN SELECT relname AS name, attname AS owner FROM pg_class AS tables
    JOIN pg_attribute ON attrelid = tables.oid AND NOT attisdropped
      AND attname = CASE relname WHEN 'organizations' THEN 'id' ELSE 'organization_id' END
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
      AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = tables.oid AND polname = 'tenant')
  LOOP
    visible := format('(SELECT reaches_all()) OR %I = ANY ((SELECT reachable_organizations())::text[])', found.owner);
    writable := visible;
    IF found.name = 'letters' THEN
      -- A letter to a person is theirs to read wherever they are, also from an organization they left.
      visible := visible || $own$ OR user_id = nullif(current_setting('app.person', true), '')$own$;
      -- A letter about an account belongs to no organization; anyone's request may cause one, and only its reader sees it.
      writable := visible || ' OR organization_id IS NULL';
    ELSIF found.name IN ('ticket_notes', 'ticket_watchers', 'received_mail', 'abuse_items', 'abuse_openings') THEN
      -- What staff write to each other, or look into, is no customer's to read, whatever a query forgets.
      visible := '(SELECT reaches_all())';
      writable := visible;
    ELSIF found.name = 'held_contents' THEN
      visible := 'false';
      writable := visible;
    ELSIF found.name = 'holds' THEN
      -- A hold that the customer may not know of is not there for them.
      visible := format('(SELECT reaches_all()) OR disclosed_at IS NOT NULL AND %I = ANY ((SELECT reachable_organizations())::text[])', found.owner);
      writable := '(SELECT reaches_all())';
    ELSIF found.name IN ('contents', 'conversations', 'conversation_entries', 'responses', 'agent_versions', 'scope_keys') THEN
      -- What customers asked and were answered is no desk's to reach: only who has entered their organization sees a row.
      visible := format('%I = ANY ((SELECT reachable_organizations())::text[])', found.owner);
      writable := visible;
    END IF;
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', found.name);
    -- What a trigger writes from the log is evidence, and no role's to change.
    EXECUTE format('GRANT %s ON %I TO comptoir_tenant',
      CASE found.name WHEN 'clause_evidence' THEN 'SELECT' ELSE 'SELECT, INSERT, UPDATE, DELETE' END, found.name);
    EXECUTE format('CREATE POLICY tenant ON %I TO comptoir_tenant USING (%s) WITH CHECK (%s)', found.name, visible, writable);
  END LOOP;
  -- It belongs to no organization: anyone can write a row, and only staff see or change one.
  IF to_regclass('abuse_reports') IS NOT NULL
    AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'abuse_reports'::regclass AND polname = 'staff') THEN
    ALTER TABLE abuse_reports ENABLE ROW LEVEL SECURITY;
    GRANT SELECT, INSERT, UPDATE, DELETE ON abuse_reports TO comptoir_tenant;
    CREATE POLICY staff ON abuse_reports TO comptoir_tenant USING ((SELECT reaches_all())) WITH CHECK (true);
  END IF;
  -- What is not announced yet is known to staff alone.
  FOR found IN SELECT relname AS name FROM pg_class AS tables WHERE relnamespace = 'public'::regnamespace
    AND relname IN ('model_proposals') AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = tables.oid AND polname = 'staff')
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', found.name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO comptoir_tenant', found.name);
    EXECUTE format('CREATE POLICY staff ON %I TO comptoir_tenant USING ((SELECT reaches_all())) WITH CHECK ((SELECT reaches_all()))', found.name);
  END LOOP;
  -- What is announced to everyone is everyone's to read, and only staff write it.
  FOR found IN SELECT relname AS name FROM pg_class AS tables WHERE relnamespace = 'public'::regnamespace
    AND relname IN ('publications', 'subprocessors', 'notice_runs', 'incidents', 'incident_updates', 'maintenances', 'status_tellings', 'status_samples', 'status_days', 'model_changes', 'alias_moves') AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = tables.oid AND polname = 'staff')
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', found.name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO comptoir_tenant', found.name);
    -- It asks no function, so it is still there where the other one went with a function.
    EXECUTE format('DROP POLICY IF EXISTS everyone ON %I', found.name);
    EXECUTE format('CREATE POLICY everyone ON %I FOR SELECT TO comptoir_tenant USING (true)', found.name);
    EXECUTE format('CREATE POLICY staff ON %I TO comptoir_tenant USING ((SELECT reaches_all())) WITH CHECK ((SELECT reaches_all()))', found.name);
  END LOOP;
END $$;
