import type { Invariant } from "#lib/domain/invariants/rules.ts";

const itsEvent = `left join usage_events as event on event.organization_id = request.organization_id
  and event.id = request.request_id and event.at = request.at`;

/** Batches: their lines, and what they cost. */
export const batchInvariants: readonly Invariant[] = [
  {
    name: "each line of a batch counts once, as answered or as refused",
    violations: `select job.id from batch_jobs as job left join (select organization_id, job_id,
        count(*) filter (where state = 'answered') as answered, count(*) filter (where state = 'failed') as failed
        from batch_requests group by 1, 2) as request on request.organization_id = job.organization_id and request.job_id = job.id
      where (succeeded_requests, failed_requests) is distinct from (coalesce(answered, 0), coalesce(failed, 0))`,
  },
  {
    name: "a batch that has ended has no line under way, no claim and no key",
    violations: `select job.id from batch_jobs as job where ended_at is not null and (lease_until is not null or key is not null
      or exists (select from batch_requests as request where request.organization_id = job.organization_id
        and request.job_id = job.id and (state = 'asked' and job.failure is null or sealed_result is not null)))`,
  },
  {
    name: "each answered line of a batch that has ended has its usage event",
    violations: `select request.request_id from batch_requests as request join batch_jobs as job
      on job.organization_id = request.organization_id and job.id = request.job_id ${itsEvent}
      where ended_at is not null and state = 'answered' and event.id is null`,
  },
  {
    name: "a batch that has ended cost exactly what its events say",
    violations: `select job.id from batch_jobs as job left join batch_requests as request
      on request.organization_id = job.organization_id and request.job_id = job.id ${itsEvent}
      where ended_at is not null group by job.organization_id, job.id having
        (job.cost_pico, job.prompt_tokens, job.completion_tokens) is distinct from (coalesce(sum(event.cost_pico), 0),
          coalesce(sum(event.prompt_tokens), 0), coalesce(sum(event.completion_tokens), 0))`,
  },
];
