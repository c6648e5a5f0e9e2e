import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import { addDays } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { keyRows } from "./rules.ts";

type Counts = Record<"live" | "endless" | "any_model" | "unused" | "ended_keys" | "leaked", number>;
type Instants = Record<
  "first_at" | "next_expiry" | "leaked_at" | "ended_at" | "ends_at" | "attested_at" | "first_call_at",
  string | null
>;

const longUnusedDays = 90;

export async function keyEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"keys">> {
  authorize(ctx.actor, "contract.read");
  const now = sql`${ctx.now.toISOString()}::timestamptz`;
  const since = sql`${addDays(ctx.now, -longUnusedDays).toISOString()}::timestamptz`;
  const [row] = await ctx.db.execute<Counts & Instants>(sql`
    select found.*, latest.ends_at, latest.ended_at, latest.attested_at, call.first_call_at
    from (select min(created_at) as first_at, count(*) filter (where is_live)::int as live,
        count(*) filter (where is_live and expires_at is null)::int as endless,
        count(*) filter (where is_live and models is null)::int as any_model,
        count(*) filter (where is_live and coalesce(last_used_at, created_at) < ${since})::int as unused,
        min(expires_at) filter (where is_live) as next_expiry,
        count(*) filter (where revoked_reason = 'terminated')::int as ended_keys,
        count(*) filter (where revoked_reason = 'leaked')::int as leaked,
        max(revoked_at) filter (where revoked_reason = 'leaked') as leaked_at
      from (select *, revoked_at is null and coalesce(expires_at > ${now}, true) as is_live from keys
        where organization_id = ${ctx.organizationId} and purpose in ('api', 'service')) as own) as found
    left join lateral (select agreements.ends_at, ended_at, attested_keys_at as attested_at from agreements
      left join terminations on terminations.organization_id = agreements.organization_id and agreement_number = number and withdrawn_at is null
      where agreements.organization_id = ${ctx.organizationId} order by number desc limit 1) as latest on true
    left join lateral (select min(start) as first_call_at from usage_sums where organization_id = ${ctx.organizationId}
      and dimension = 'key' and grain = 'hour' and value = (select id from keys where organization_id = ${ctx.organizationId}
        and purpose in ('api', 'service') and last_used_at is not null order by created_at desc limit 1)) as call on true`);
  const counts = { live: 0, endless: 0, any_model: 0, unused: 0, ended_keys: 0, leaked: 0, ...row };
  return keyRows({
    firstAt: instantOf(row?.first_at),
    live: counts.live,
    endless: counts.endless,
    anyModel: counts.any_model,
    unused: counts.unused,
    nextExpiry: instantOf(row?.next_expiry),
    endedKeys: counts.ended_keys,
    endedAt: instantOf(row?.ended_at),
    endsAt: instantOf(row?.ends_at),
    attestedAt: instantOf(row?.attested_at),
    leakedAt: instantOf(row?.leaked_at),
    leaked: counts.leaked,
    firstCallAt: instantOf(row?.first_call_at),
  });
}
