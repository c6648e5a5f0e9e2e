import { asc, desc, isNotNull, isNull } from "drizzle-orm";
import { abuseReports } from "#db/schema/reports.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import type { AbuseReport } from "./view.ts";

const mostOpen = 200;
const mostDecided = 50;

/** Reports of abuse for staff: those that wait, the oldest first, and the last that were decided. */
export async function deskReports(ctx: AccountContext): Promise<{ open: AbuseReport[]; decided: AbuseReport[] }> {
  authorize(ctx.actor, "abuse.read");
  const [open, decided] = await Promise.all([
    ctx.db
      .select()
      .from(abuseReports)
      .where(isNull(abuseReports.outcome))
      .orderBy(asc(abuseReports.createdAt))
      .limit(mostOpen),
    ctx.db
      .select()
      .from(abuseReports)
      .where(isNotNull(abuseReports.outcome))
      .orderBy(desc(abuseReports.decidedAt))
      .limit(mostDecided),
  ]);
  return { open, decided };
}
