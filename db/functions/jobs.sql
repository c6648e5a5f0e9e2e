-- The queue as staff see it, who have no right on the queue's own tables: names, counts and moments, no payload.
CREATE OR REPLACE FUNCTION queue_states() RETURNS TABLE (name text, waiting bigint, running bigint, failed bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF NOT reaches_all() THEN RETURN; END IF;
  RETURN QUERY SELECT task_identifier, count(*) FILTER (WHERE attempts < max_attempts AND locked_at IS NULL),
    count(*) FILTER (WHERE locked_at IS NOT NULL), count(*) FILTER (WHERE attempts >= max_attempts AND locked_at IS NULL)
    FROM graphile_worker.jobs GROUP BY 1;
END $$;

CREATE OR REPLACE FUNCTION failed_jobs() RETURNS TABLE (id bigint, name text, attempts integer, failed_at timestamptz, failure text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF NOT reaches_all() THEN RETURN; END IF;
  RETURN QUERY SELECT jobs.id, task_identifier, jobs.attempts::integer, updated_at, last_error FROM graphile_worker.jobs
    WHERE jobs.attempts >= max_attempts AND locked_at IS NULL ORDER BY updated_at DESC LIMIT 200;
END $$;

-- Has a job that failed for good tried once more at once; its name, or null where there is no such job any more.
CREATE OR REPLACE FUNCTION retry_job(wanted bigint) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
  name text;
BEGIN
  IF NOT reaches_all() THEN RETURN NULL; END IF;
  SELECT task_identifier INTO name FROM graphile_worker.jobs
    WHERE id = wanted AND attempts >= max_attempts AND locked_at IS NULL;
  IF name IS NULL THEN RETURN NULL; END IF;
  PERFORM graphile_worker.reschedule_jobs(ARRAY[wanted], run_at := now(), attempts := 0);
  RETURN name;
END $$;
