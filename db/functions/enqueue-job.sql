DROP FUNCTION IF EXISTS enqueue_job(text, json, text, integer, timestamptz);

-- Jobs are queued in the transaction that causes them. The tenant's role has no right on the queue's own tables. Jobs with
-- the same line run one after the other.
CREATE OR REPLACE FUNCTION enqueue_job(name text, payload json, key text, attempts integer, run_at timestamptz, line text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM graphile_worker.add_job(name, payload, queue_name := line, job_key := key, max_attempts := attempts,
    run_at := enqueue_job.run_at);
END $$;
