import { sql } from "drizzle-orm";
import { organizations } from "#db/schema/organizations.ts";
import type { Plan } from "./rules.ts";

/** What `planAt` says of an organization, as a column of its row; a test holds the two together. */
export const planColumn = (
  at: Date,
) => sql<Plan>`case when exists (select from order_periods(${organizations.id}) as held
  where held.starts_at <= ${at.toISOString()}::timestamptz
    and coalesce(held.ends_at > ${at.toISOString()}::timestamptz, true)) then 'order' else ${organizations.plan} end`;
