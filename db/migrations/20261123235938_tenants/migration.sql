-- The second line behind every query's own condition: whoever comes through a door for people works under this role, which
-- owns nothing and sees the rows that policies show it. The hot path of /v1, jobs and the operator work as the owner.
DO $$
BEGIN
  CREATE ROLE comptoir_tenant NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;
END $$;
--> statement-breakpoint
DO $$
BEGIN
  EXECUTE format('GRANT comptoir_tenant TO %I', current_user);
EXCEPTION WHEN OTHERS THEN
  IF NOT pg_has_role(current_user, 'comptoir_tenant', 'USAGE') THEN RAISE; END IF;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO comptoir_tenant;
--> statement-breakpoint
-- The organizations the transaction may touch: the one it entered or, before it entered one, those the person is in.
CREATE FUNCTION reachable_organizations() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT CASE WHEN coalesce(current_setting('app.organization', true), '') <> '' THEN ARRAY[current_setting('app.organization', true)]
    ELSE ARRAY(SELECT organization_id FROM members WHERE user_id = nullif(current_setting('app.person', true), '')) END
$$;
--> statement-breakpoint
CREATE FUNCTION reaches_all() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(current_setting('app.reach', true), '') = 'all'
$$;
--> statement-breakpoint
-- Puts a table behind its policy; every table with an organization_id is, and a test walks the catalogue to see it. `own`
-- is what else of it somebody may see.
CREATE FUNCTION protect_table(name text, own text DEFAULT 'false') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  is_mine text := format('(SELECT reaches_all()) OR %s = ANY ((SELECT reachable_organizations())::text[]) OR (%s)',
    CASE name WHEN 'organizations' THEN 'id' ELSE 'organization_id' END, own);
BEGIN
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO comptoir_tenant', name);
  EXECUTE format('CREATE POLICY tenant ON %I TO comptoir_tenant USING (%s) WITH CHECK (%s)', name, is_mine, is_mine);
END $$;
--> statement-breakpoint
SELECT protect_table('organizations');
--> statement-breakpoint
SELECT protect_table(tables.relname::text)
  FROM pg_class AS tables JOIN pg_attribute ON attrelid = tables.oid AND attname = 'organization_id' AND NOT attisdropped
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'letters';
--> statement-breakpoint
-- Letters about a person's own account belong to no organization; whoever causes one may write it.
SELECT protect_table('letters', 'organization_id IS NULL');
--> statement-breakpoint
-- What belongs to no organization is open to the role, but for what only processes keep. Partitions are reached through
-- their table alone.
DO $$
DECLARE
  found text;
BEGIN
  FOR found IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    AND NOT relrowsecurity AND relname NOT IN ('lessees', 'usage_journal') LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO comptoir_tenant', found);
  END LOOP;
END $$;
--> statement-breakpoint
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO comptoir_tenant;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO comptoir_tenant;
--> statement-breakpoint
-- Work is queued in the transaction that causes it, whoever causes it; the queue's tables are nobody's but the owner's.
CREATE FUNCTION enqueue_job(name text, payload json, key text, attempts integer, run_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM graphile_worker.add_job(name, payload, job_key := key, max_attempts := attempts, run_at := enqueue_job.run_at);
END $$;
