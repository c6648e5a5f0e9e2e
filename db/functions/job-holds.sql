-- What a fine-tuning job may cost is held under a lessee of its own that no process renews, so it outlives them all. Console
-- and keys start jobs under a role without rights on lessees; these functions have their owner's, and name the organization.
CREATE OR REPLACE FUNCTION is_reachable(organization text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT current_setting('role', true) <> 'comptoir_tenant' OR reaches_all() OR organization = ANY (reachable_organizations())
$$;

-- Leases the whole amount on every scope, or nothing and says which scope is short. A lease grants each scope by itself.
CREATE OR REPLACE FUNCTION lease_whole(holder text, asked text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  short record;
BEGIN
  SELECT ask.scope, got.* INTO short FROM lease(holder, asked) AS got
    JOIN json_to_recordset(asked::json) AS ask (scope text, scope_id text, month text, want numeric)
      ON ask.scope_id = got.scope_id AND ask.month = got.month
    WHERE got.granted < ask.want ORDER BY got.granted LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the limit of % leaves too little', short.scope_id USING ERRCODE = 'LS002', DETAIL = json_build_object(
      'scope', short.scope, 'scopeId', short.scope_id, 'period', short.period, 'limit', short.limit_pico::text,
      'settled', short.settled_pico::text, 'held', short.held_pico::text)::text;
  END IF;
END $$;

-- The scopes of a job in a month, as a round of leases asks for them.
CREATE OR REPLACE FUNCTION job_round(job tuning_jobs, the_month date, amount numeric, is_end boolean) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT json_agg(json_build_object('organization_id', job.organization_id, 'scope', name, 'scope_id', id, 'month', the_month,
    'want', amount::text, 'minimum', amount::text, 'ahead', 0, 'give', 0, 'done', is_end))::text
  FROM (VALUES ('key', job.key_id), ('workspace', job.workspace_id), ('organization', job.organization_id)) AS scope (name, id)
  WHERE id IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION hold_for_job(holder text, organization text, job text, the_month date, amount numeric) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  its tuning_jobs;
BEGIN
  SELECT * INTO STRICT its FROM tuning_jobs WHERE organization_id = organization AND id = job AND lessee_id IS NULL AND is_reachable(organization);
  INSERT INTO lessees (id, expires_at, job_id) VALUES (holder, 'infinity', job);
  PERFORM lease_whole(holder, job_round(its, the_month, amount, false));
END $$;

-- Gives back what a job holds in one month and holds as much in another. Whoever has no room there keeps what they hold.
CREATE OR REPLACE FUNCTION move_job_hold(organization text, job text, from_month date, to_month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  its tuning_jobs;
  amount numeric;
BEGIN
  SELECT * INTO STRICT its FROM tuning_jobs WHERE organization_id = organization AND id = job AND lessee_id IS NOT NULL AND is_reachable(organization);
  SELECT coalesce(max(held_pico), 0) INTO amount FROM leases WHERE lessee_id = its.lessee_id AND month = from_month;
  PERFORM lease(its.lessee_id, job_round(its, from_month, 0, true));
  PERFORM lease_whole(its.lessee_id, job_round(its, to_month, amount, false));
  PERFORM tell_job_limits(its);
END $$;

-- Processes remember how limits stood. That a job lets go lets more pass, so each of them asks anew.
CREATE OR REPLACE FUNCTION tell_job_limits(its tuning_jobs) RETURNS void LANGUAGE sql AS $$
  SELECT pg_notify('gate', 'limit:' || id) FROM unnest(ARRAY[its.key_id, its.workspace_id, its.organization_id]) AS id WHERE id IS NOT NULL
$$;

-- Ends a job's hold. The job has let go of its lessee already, because a job refers to the one it has.
CREATE OR REPLACE FUNCTION release_job_hold(holder text, organization text, job text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  its tuning_jobs;
BEGIN
  SELECT * INTO STRICT its FROM tuning_jobs WHERE organization_id = organization AND id = job AND lessee_id IS NULL AND is_reachable(organization);
  PERFORM FROM lessees WHERE id = holder AND job_id = job;
  IF NOT FOUND THEN RAISE EXCEPTION 'lessee % is not of %', holder, job; END IF;
  PERFORM release_lessee(holder);
  PERFORM tell_job_limits(its);
END $$;

-- A job that is removed while it is active, with its workspace or by a purge, lets go of what it held.
CREATE OR REPLACE FUNCTION release_removed_job() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM release_lessee(OLD.lessee_id);
  PERFORM tell_job_limits(OLD);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER tuning_jobs_release AFTER DELETE ON tuning_jobs
  FOR EACH ROW WHEN (OLD.lessee_id IS NOT NULL) EXECUTE FUNCTION release_removed_job();
