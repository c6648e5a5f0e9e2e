import { type Dimension, dimensions } from "#db/schema/usage.ts";

/** An invariant of the house: a query that finds what breaks it, so that no row means it holds. */
export type Invariant = { name: string; violations: string };

const sums = `count(*) filter (where kind = 'request')::numeric, count(*) filter (where kind = 'request' and outcome <> 'answered')::numeric, sum(prompt_tokens)::numeric,
  sum(cached_tokens)::numeric, sum(completion_tokens)::numeric, sum(cost_pico)`;
const kept =
  "requests::numeric, failed::numeric, prompt_tokens::numeric, cached_tokens::numeric, completion_tokens::numeric, cost_pico";

/** Rows that are in one of two queries only. */
const difference = (counted: string, stored: string): string =>
  `((${counted}) except (${stored})) union all ((${stored}) except (${counted}))`;

const monthOf = "(date_trunc('month', at, 'UTC') at time zone 'UTC')::date";

const columns: Record<Dimension, string> = { model: "model", key: "key_id", end_user: "end_user" };

const sumsBy = (dimension: Dimension, grain: "hour" | "day", value = columns[dimension]): Invariant => ({
  name: `each ${grain} by ${dimension.replace("_", " ")} is the sum of its events`,
  violations: difference(
    `select organization_id, workspace_id, date_trunc('${grain}', at, 'UTC') as start, ${value}, ${sums}
      from usage_events where ${value} is not null group by 1, 2, 3, 4`,
    `select organization_id, workspace_id, start, value, ${kept} from usage_sums
      where dimension = '${dimension}' and grain = '${grain}'`,
  ),
});

const counterOf = (scope: "organization" | "workspace" | "key"): Invariant => ({
  name: `what each ${scope} spent is the sum of its events`,
  violations: difference(
    `select organization_id, ${monthOf}, ${scope}_id, sum(cost_pico), sum(prompt_tokens + completion_tokens)::numeric
      from usage_events where ${scope}_id is not null group by 1, 2, 3 having sum(cost_pico) > 0 or sum(prompt_tokens + completion_tokens) > 0`,
    `select organization_id, month, scope_id, settled_pico, tokens::numeric from spend_months
      where scope = '${scope}' and (settled_pico > 0 or tokens > 0)`,
  ),
});

/** A key's limit counts the chain of keys it was rotated in. */
const counts = `counter.organization_id = limits.organization_id and counter.scope = limits.scope
  and counter.scope_id = any (counted_scopes(limits.organization_id, limits.scope, limits.scope_id))`;

export const invariants: readonly Invariant[] = [
  {
    name: "each organization's audit rows are whole, unchanged and in order, up to the last one written",
    violations: "select * from audit_flaws(null, 0, '')",
  },
  {
    name: "the evidence of each clause is the last row of the log that carried it out",
    violations: difference(
      `select distinct on (organization_id, clause) organization_id, clause, sequence, at, action, object_type, object_id, actor_name
        from audit_events where clause is not null order by organization_id, clause, sequence desc`,
      "select organization_id, clause, sequence, at, action, object_type, object_id, actor_name from clause_evidence",
    ),
  },
  ...dimensions.flatMap((dimension) => [sumsBy(dimension, "hour"), sumsBy(dimension, "day")]),
  counterOf("organization"),
  counterOf("workspace"),
  counterOf("key"),
  {
    name: "each event costs its tokens times its prices and its fee, less what was waived",
    violations: `select id from usage_events where cost_pico + waived_pico <> fee_pico + (prompt_tokens - cached_tokens)::numeric * input_micros
      + cached_tokens::numeric * cached_input_micros + completion_tokens::numeric * output_micros`,
  },
  {
    name: "what is held on each scope is the sum of its leases (T-4.2.2.2-LIM1)",
    violations: difference(
      "select organization_id, scope, scope_id, month, held_pico from leases_by_scope",
      "select organization_id, scope, scope_id, month, held_pico from spend_months where held_pico > 0",
    ).replaceAll(
      "leases_by_scope",
      "(select organization_id, scope, scope_id, month, sum(held_pico) as held_pico from leases group by 1, 2, 3, 4 having sum(held_pico) > 0) as sums",
    ),
  },
  {
    // A limit that was set below what was spent or held already counts from there: nothing may come on top of it.
    name: "no scope has spent and holds more than its limit of the month (T-4.2.2.2-LIM1)",
    violations: `select limits.scope_id from spend_limits as limits join spend_months as counter on ${counts}
      where period = 'month' and month >= standing_month group by limits.organization_id, limits.scope, limits.scope_id, limits.period, month
      having sum(settled_pico + counter.held_pico) > case when month = standing_month then greatest(limit_pico, standing_pico) else limit_pico end`,
  },
  {
    name: "no key has spent and holds more than its limit for life (T-4.2.2.2-LIM1)",
    violations: `select limits.scope_id from spend_limits as limits join spend_months as counter on ${counts} where period = 'lifetime'
      group by limits.organization_id, limits.scope, limits.scope_id, limits.period
      having sum(settled_pico + counter.held_pico) > greatest(limit_pico, standing_pico)`,
  },
  {
    name: "the database takes every event that was committed",
    violations: "select seq from usage_journal where problem is not null",
  },
  {
    name: "no event was billed more than was held for it, unless its hold was gone",
    violations: "select id from usage_events where waived_pico < 0 or held_pico < 0",
  },
  {
    name: "no event counts fewer than no tokens, or more cached ones than it read",
    violations:
      "select id from usage_events where cached_tokens < 0 or prompt_tokens < cached_tokens or completion_tokens < 0",
  },
  {
    name: "an event may train only under the clause of the free plan (T-4.2.2.1-D1)",
    violations: "select id from usage_events where training_eligible <> (clause = 'T-4.2.2.1-D1')",
  },
  {
    name: "content is gone 720 hours after its hour began, or within the hour after (T-4.2.2.1-D1, T-4.2.2.2-D1)",
    violations: "select id from contents where hour < now() - interval '721 hours'",
  },
  {
    name: "what is counted of the content log is what is there",
    violations: `select workspace_id from content_sums
      full join (select organization_id, workspace_id, hour, sum(cardinality(request_ids)) as requests, sum(length(sealed)) as bytes
        from contents group by 1, 2, 3) as kept using (organization_id, workspace_id, hour)
      where (content_sums.requests, content_sums.bytes) is distinct from (kept.requests, kept.bytes)`,
  },
  {
    name: "content has the training stamp of its request",
    violations: `select usage_events.id from contents join usage_events
      on usage_events.organization_id = contents.organization_id and usage_events.id = any(contents.request_ids)
      where usage_events.training_eligible <> contents.training_eligible`,
  },
  {
    name: "every organization has one default workspace and somebody who may run it",
    violations: `select id from organizations where
      (select count(*) from workspaces where organization_id = organizations.id and is_default) <> 1
      or not exists (select from members where organization_id = organizations.id and 'organization_admin' = any(roles))`,
  },
  {
    name: "no default workspace is archived",
    violations: "select id from workspaces where is_default and archived_at is not null",
  },
  {
    name: "no key outlives its owner's membership (T-4.3-SHARE3)",
    violations: `select id from keys where revoked_at is null and not exists (select from members
      where members.organization_id = keys.organization_id and members.user_id = keys.owner_id)`,
  },
  {
    name: "nobody is in a group or a workspace without being a member of its organization",
    violations: `select user_id from (select organization_id, user_id from workspace_members
      union all select organization_id, user_id from group_members) as placed where not exists (select from members
      where members.organization_id = placed.organization_id and members.user_id = placed.user_id)`,
  },
  {
    name: "every acceptance has the hash of the document it accepts (T-3-CLICK)",
    violations: `select acceptances.id from acceptances join documents on documents.id = acceptances.document_id
      where documents.sha256 <> acceptances.sha256 or documents.version <> acceptances.version`,
  },
  {
    name: "a key reported as leaked is revoked and has a successor (T-4.2.1-KEY4)",
    violations: "select id from keys where revoked_reason = 'leaked' and (revoked_at is null or successor_id is null)",
  },
  {
    name: "no file is read by staff without request, approval, agreement and a repeated purpose (T-4.2.3-ASSIST)",
    violations: `select grants.id from assistance_grants as grants where state in ('granted', 'active') and not (
        approved_at is not null and agreed_at is not null and agreed_at <= offer_until
        and ends_at <= agreed_at + interval '14 days'
        and exists (select from tickets where tickets.organization_id = grants.organization_id and record_id = grants.id
          and kind = 'assistance' and requester_id = requested_by)
        and (state = 'granted' or exists (select from assistance_unlocks as unlocks
          where unlocks.organization_id = grants.organization_id and grant_id = grants.id)))
      union all select reads.id from assistance_reads as reads where not exists (select from assistance_unlocks as unlocks
        where unlocks.organization_id = reads.organization_id and unlocks.grant_id = reads.grant_id
          and unlocks.staff_id = reads.staff_id and reads.at >= unlocks.at and reads.at < unlocks.until)`,
  },
  {
    name: "every spend limit is on something of its own organization",
    violations: `select scope_id from spend_limits as limits where not case scope
      when 'organization' then scope_id = organization_id
      when 'workspace' then exists (select from workspaces where organization_id = limits.organization_id and id = scope_id)
      else exists (select from keys where organization_id = limits.organization_id and id = scope_id) end`,
  },
  {
    name: "the steps of each limit's letters are whole per cents, ascending (T-4.2.2.2-LIM3)",
    violations: `select scope_id from spend_limits where alert_percents <> array(
      select distinct step from unnest(alert_percents) as step where step between 1 and 100 order by step)`,
  },
  {
    name: "a letter about a limit was sent in the month it is about, or within a day of its end (T-4.2.2.2-LIM3)",
    violations: `select scope_id from spend_alerts where period = 'month'
      and (at < month or at > month + interval '1 month 1 day')`,
  },
];
