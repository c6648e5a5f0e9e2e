import type { Invariant } from "#lib/domain/invariants/rules.ts";

/** The jobs that hold money, one row for each scope they hold it on. */
const holding = `tuning_jobs as job cross join lateral (values ('key', job.key_id), ('workspace', job.workspace_id),
  ('organization', job.organization_id)) as scope (name, id) where job.lessee_id is not null and scope.id is not null`;

const trainedEvents = `select organization_id, job_id, sum(quantity) filter (where kind = 'training') as tokens,
  sum(cost_pico) as cost, sum(waived_pico) as waived from usage_events where job_id is not null group by 1, 2`;

/** Fine-tuning: what jobs hold, have trained and cost. */
export const tuningInvariants: readonly Invariant[] = [
  {
    name: "each active job holds its quote, less what it was billed already, on each of its scopes",
    violations: `select job.id from ${holding} and job.quote_pico - job.charged_pico <> coalesce((select sum(held_pico) from leases
      where lessee_id = job.lessee_id and leases.scope = scope.name and scope_id = scope.id and month = job.held_month), 0)`,
  },
  {
    name: "only an active job holds money for longer than a process lives",
    violations: `select id from lessees where job_id is not null
      and not exists (select from tuning_jobs where tuning_jobs.lessee_id = lessees.id and tuning_jobs.id = lessees.job_id)`,
  },
  {
    name: "the trained steps of each job follow each other from the first, without a gap",
    violations: `select job_id from tuning_segments as segment where after_step <> 0 and not exists (
      select from tuning_segments as before where before.organization_id = segment.organization_id
        and before.job_id = segment.job_id and before.last_step = segment.after_step)`,
  },
  {
    name: "a job that has ended was billed for exactly what it trained, or that was waived",
    violations: `select job.id from tuning_jobs as job
      left join (select organization_id, job_id, sum(tokens) as tokens, count(*) filter (where event_id is null) as unbilled
        from tuning_segments group by 1, 2) as segment on segment.organization_id = job.organization_id and segment.job_id = job.id
      left join (${trainedEvents}) as event on event.organization_id = job.organization_id and event.job_id = job.id
      where ended_at is not null and (coalesce(segment.tokens, 0) <> coalesce(event.tokens, 0) or segment.unbilled > 0
        or (charged_pico, waived_pico) is distinct from (coalesce(event.cost, 0), coalesce(event.waived, 0)))`,
  },
  {
    name: "no job costs more than it was quoted",
    violations: "select id from tuning_jobs where charged_pico > quote_pico",
  },
  {
    name: "each fee of training is its tokens at the price of its job",
    violations: `select event.id from usage_events as event join tuning_jobs as job
      on job.organization_id = event.organization_id and job.id = event.job_id
      where event.kind = 'training' and fee_pico <> quantity * training_micros`,
  },
  {
    name: "each day a model was kept costs what its event says",
    violations: `select model_id from storage_days as day left join usage_events as event on event.organization_id = day.organization_id
      and event.id = day.event_id and event.kind = 'model_storage'
      where (day.cost_pico, day.waived_pico) is distinct from (coalesce(event.cost_pico, 0), coalesce(event.waived_pico, 0))`,
  },
];
