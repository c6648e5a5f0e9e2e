-- What waits for trainers of a kind, by organization: jobs that no one has claimed, and those whose trainer is gone. It has
-- its owner's rights, because a customer's place in line depends on all the others; ids stay with those who train.
CREATE OR REPLACE FUNCTION tuning_line(the_kind text, the_models text[], moment timestamptz)
RETURNS TABLE (organization_id text, plan text, running integer, running_here integer, tokens numeric, jobs json)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT line.organization_id, CASE WHEN EXISTS (SELECT FROM order_periods(line.organization_id) AS held
      WHERE held.starts_at <= moment AND coalesce(held.ends_at > moment, true)) THEN 'order' ELSE place.plan END,
    busy.running, busy.here, trained.tokens, line.jobs
  FROM (SELECT job.organization_id, json_agg(json_build_object('id', job.id, 'startedAt', job.started_at,
        'tokens', coalesce((job.extent ->> 'trainTokens')::bigint, 0)) ORDER BY job.started_at, job.id) AS jobs
      FROM tuning_jobs AS job WHERE job.ended_at IS NULL AND job.status IN ('STARTED', 'RUNNING') AND job.trainer_kind = the_kind
        AND coalesce(job.model = ANY (the_models), true)
        AND NOT EXISTS (SELECT FROM tuning_claims AS claim WHERE claim.organization_id = job.organization_id
          AND claim.job_id = job.id AND claim.ended_at IS NULL AND claim.lease_until > moment)
      GROUP BY 1) AS line
  JOIN organizations AS place ON place.id = line.organization_id
  CROSS JOIN LATERAL (SELECT count(*)::integer AS running, (count(*) FILTER (WHERE claim.kind = the_kind))::integer AS here
    FROM tuning_claims AS claim WHERE claim.organization_id = line.organization_id AND claim.ended_at IS NULL
      AND claim.lease_until > moment) AS busy
  CROSS JOIN LATERAL (SELECT coalesce(sum(segment.tokens), 0) AS tokens FROM tuning_segments AS segment
    WHERE segment.organization_id = line.organization_id AND segment.at > moment - interval '24 hours') AS trained
$$;

-- Tokens a second that the last jobs of a model took, whoever's they were; null where there was none.
CREATE OR REPLACE FUNCTION tuning_rate(the_model text) RETURNS double precision LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT sum(trained_tokens) / nullif(sum(extract(epoch FROM ended_at - running_at)), 0) FROM (
    SELECT trained_tokens, ended_at, running_at FROM tuning_jobs WHERE model = the_model AND status = 'SUCCESS' AND trained_tokens > 0
    ORDER BY ended_at DESC LIMIT 20) AS last
$$;
