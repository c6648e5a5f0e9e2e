import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import { addDays, dayOf } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { shownDays } from "#lib/domain/status/queries.ts";
import { statusRows } from "./rules.ts";

type Ms = Record<"up_ms" | "degraded_ms" | "down_ms" | "excluded_ms" | "unknown_ms", string>;
type Row = Ms & { incidents: number; title: string | null } & Record<
    "incident_since" | "starts_at" | "ends_at" | "noticed_at",
    string | null
  >;

export async function statusEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"status">> {
  authorize(ctx.actor, "contract.read");
  const first = dayOf(addDays(ctx.now, 1 - shownDays));
  const now = sql`${ctx.now.toISOString()}::timestamptz`;
  const [row] = await ctx.db.execute<Row>(sql`
    select days.*, open.*, planned.*
    from (select coalesce(sum(up_ms), 0) as up_ms, coalesce(sum(degraded_ms), 0) as degraded_ms, coalesce(sum(down_ms), 0) as down_ms,
        coalesce(sum(excluded_ms), 0) as excluded_ms, coalesce(sum(unknown_ms), 0) as unknown_ms
        from status_days where day >= ${first}) as days,
      (select count(*)::int as incidents, min(started_at) as incident_since from incidents where resolved_at is null) as open
      left join lateral (select title, starts_at, ends_at, noticed_at from maintenances left join legal_notices
          on organization_id = ${ctx.organizationId} and about = 'maintenance' and about_id = maintenances.id
        where cancelled_at is null and ends_at > ${now} order by starts_at limit 1) as planned on true`);
  const ms = (name: keyof Ms) => Number(row?.[name] ?? 0);
  const [startsAt, endsAt] = [instantOf(row?.starts_at), instantOf(row?.ends_at)];
  return statusRows({
    sums: {
      upMs: ms("up_ms"),
      degradedMs: ms("degraded_ms"),
      downMs: ms("down_ms"),
      excludedMs: ms("excluded_ms"),
      unknownMs: ms("unknown_ms"),
    },
    incidents: row?.incidents ?? 0,
    incidentSince: instantOf(row?.incident_since),
    maintenance:
      row?.title && startsAt && endsAt
        ? { title: row.title, startsAt, endsAt, noticedAt: instantOf(row.noticed_at) }
        : null,
    now: ctx.now,
  });
}
