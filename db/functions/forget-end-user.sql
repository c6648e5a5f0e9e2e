-- T-4.2.1-EU: takes names of an end user off an organization's events, and what those events were out of the sums by end
-- user. Exactly what is cleared is subtracted, so both agree whatever the meter writes meanwhile. Says how many events.
CREATE OR REPLACE FUNCTION forget_end_user(organization text, names text[], OUT events integer, OUT oldest_ms float8, OUT newest_ms float8)
LANGUAGE plpgsql AS $$
DECLARE
  found record;
BEGIN
  events := 0;
  -- The meter takes sums in the order of their key, so they are taken in it here too.
  PERFORM FROM usage_sums WHERE organization_id = organization AND dimension = 'end_user' AND value = ANY (names)
    ORDER BY organization_id, dimension, grain, start, workspace_id, value FOR UPDATE;
  SELECT min(start) AS first, max(start) + interval '1 day' AS last INTO found FROM usage_sums
    WHERE organization_id = organization AND dimension = 'end_user' AND value = ANY (names);
  IF found.first IS NULL THEN RETURN; END IF;
  WITH named AS (
    SELECT organization_id, workspace_id, id, at, end_user FROM usage_events
      WHERE organization_id = organization AND at >= found.first AND at < found.last AND end_user = ANY (names) FOR UPDATE
  ), cleared AS (
    UPDATE usage_events AS event SET end_user = NULL FROM named
      WHERE event.organization_id = named.organization_id AND event.workspace_id = named.workspace_id
        AND event.id = named.id AND event.at = named.at
      RETURNING event.workspace_id, event.at, named.end_user, event.kind, event.outcome, event.prompt_tokens, event.cached_tokens, event.completion_tokens, event.cost_pico
  ), less AS (
    SELECT workspace_id, grain, date_trunc(grain, at, 'UTC') AS start, end_user,
      count(*) FILTER (WHERE kind = 'request') AS requests, count(*) FILTER (WHERE kind = 'request' AND outcome <> 'answered') AS failed,
      sum(prompt_tokens) AS prompt_tokens, sum(cached_tokens) AS cached_tokens, sum(completion_tokens) AS completion_tokens, sum(cost_pico) AS cost_pico
    FROM cleared, unnest(ARRAY['hour', 'day']) AS grain GROUP BY 1, 2, 3, 4
  ), taken AS (
    UPDATE usage_sums AS sums SET requests = sums.requests - less.requests, failed = sums.failed - less.failed,
      prompt_tokens = sums.prompt_tokens - less.prompt_tokens, cached_tokens = sums.cached_tokens - less.cached_tokens,
      completion_tokens = sums.completion_tokens - less.completion_tokens, cost_pico = sums.cost_pico - less.cost_pico
    FROM less WHERE sums.organization_id = organization AND sums.dimension = 'end_user' AND sums.grain = less.grain
      AND sums.start = less.start AND sums.workspace_id = less.workspace_id AND sums.value = less.end_user
  ) SELECT count(*), extract(epoch from min(at)) * 1000, extract(epoch from max(at)) * 1000 INTO events, oldest_ms, newest_ms FROM cleared;
  DELETE FROM usage_sums WHERE organization_id = organization AND dimension = 'end_user' AND value = ANY (names) AND requests = 0;
END $$;
