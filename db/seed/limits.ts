import { sql } from "drizzle-orm";
import { spendLimits } from "#db/schema/limits.ts";
import type { Scope } from "#db/schema/usage.ts";
import type { Seeded } from "./people.ts";
import { at } from "./people.ts";
import type { World } from "./world.ts";

type Limit = { scope: Scope; scopeId: string; period?: "month" | "lifetime"; euros: number; alertPercents?: number[] };

const picoPerCent = 10_000_000_000n;

/** Limits set by the founder, on top of what is spent already: seed the usage first. */
export async function seedLimits(world: World, seeded: Seeded, limits: readonly Limit[]): Promise<void> {
  for (const { scope, scopeId, period = "month", euros, alertPercents = [50, 80, 100] } of limits) {
    await world.db.insert(spendLimits).values({
      organizationId: seeded.organizationId,
      scope,
      scopeId,
      period,
      limitPico: BigInt(Math.round(euros * 100)) * picoPerCent,
      alertPercents,
      standingPico: await spentOn(world, seeded.organizationId, scopeId, period),
      standingMonth: monthOf(world),
      updatedAt: world.now,
      updatedBy: at(seeded.userIds, 0),
    });
  }
}

const monthOf = ({ now }: World): string => `${now.toISOString().slice(0, 7)}-01`;

/** What something has spent this month, or in all months. */
export async function spentOn(
  world: World,
  organizationId: string,
  scopeId: string,
  period: "month" | "lifetime" = "month",
): Promise<bigint> {
  const [spent] = await world.db.execute<{ pico: string }>(sql`
    select coalesce(sum(settled_pico + held_pico), 0)::text as pico from spend_months
    where organization_id = ${organizationId} and scope_id = ${scopeId}
      and (${period} = 'lifetime' or month = ${monthOf(world)}::date)`);
  return BigInt(spent?.pico ?? 0);
}
