import type { Sql } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import { addDays, now } from "#lib/core/clock.ts";

type Announced = { model: string; replacement: string; announcedAt?: Date; retiresAt?: Date };

/** For tests: the announced end of a model, by default 200 days ago and in 30 days. */
export async function announceEnd(sql: Sql, { model, replacement, announcedAt, retiresAt }: Announced) {
  const id = newId("modelChange", now());
  await sql`insert into model_changes (id, model_id, announced_at, retires_at, replacement, reason, by) values
    (${id}, ${model}, ${announcedAt ?? addDays(now(), -200)}, ${retiresAt ?? addDays(now(), 30)}, ${replacement}, 'It is old.', 'test')`;
  return id;
}

/** For tests: the agreement of an organization begins, so many days from now. */
export async function beginAgreement(sql: Sql, organizationId: Id<"organization">, days: number): Promise<void> {
  await sql`insert into agreements (organization_id, number, starts_at) values (${organizationId}, 1, ${addDays(now(), days)})
    on conflict (organization_id, number) do update set starts_at = excluded.starts_at`;
  // It never moves otherwise, so nothing tells of it.
  await sql`select pg_notify('gate', ${`organization:${organizationId}`})`;
}

type Noticed = { organizationId: Id<"organization">; change: string; noticedAt?: Date; effectiveAt: Date | null };

/** For tests: the notice an organization has of it, and from when it holds for them. */
export async function giveNotice(sql: Sql, { organizationId, change, noticedAt, effectiveAt }: Noticed): Promise<void> {
  const at = effectiveAt && (noticedAt ?? addDays(now(), -200));
  await sql`insert into legal_notices (organization_id, id, about, about_id, clause, planned_at, posted_at, letter_ids)
    values (${organizationId}, ${newId("legalNotice", now())}, 'model', ${change}, 'T-4.2.1-DISC1', '2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z', '{}')
    on conflict do nothing`;
  await sql`update legal_notices set noticed_at = ${at}, effective_at = ${effectiveAt}
    where organization_id = ${organizationId} and about_id = ${change}`;
}
