import { and, gt, inArray, isNull } from "drizzle-orm";
import { newId } from "#db/id.ts";
import { agentReports } from "#db/schema/agents.ts";
import { deadlines } from "#db/schema/contract.ts";
import { keys } from "#db/schema/keys.ts";
import type { World } from "./world.ts";

const dayMs = 86_400_000;

/** Five days later, not counting Saturdays and Sundays (UTC), as reports of names are decided. */
function decidedBy(at: Date): Date {
  let due = at;
  for (let left = 5; left > 0; left -= Number(due.getUTCDay() % 6 !== 0)) due = new Date(due.getTime() + dayMs);
  return due;
}

/** The clocks of what the world has from the start: keys that expire, and names that were reported. */
export async function seedDeadlines({ db, now }: World): Promise<void> {
  const live = and(isNull(keys.revokedAt), gt(keys.expiresAt, now), inArray(keys.purpose, ["api", "service"]));
  const expiring = await db.select().from(keys).where(live);
  const reported = await db.select().from(agentReports).where(isNull(agentReports.decidedAt));
  const rows = [
    ...expiring.map(({ organizationId, id, createdAt, expiresAt }) => ({
      ...{ organizationId, subjectId: id, subjectKind: "key", clock: "key.expiry", clause: "T-4.2.1-KEY2" },
      ...{ owner: "customer" as const, openedAt: createdAt, dueAt: expiresAt ?? now },
    })),
    ...reported.map(({ organizationId, id, reportedAt }) => ({
      ...{ organizationId, subjectId: id, subjectKind: "agent_report", clock: "report.decide", clause: "T-4.3-RESP2" },
      ...{ owner: "trust" as const, openedAt: reportedAt, dueAt: decidedBy(reportedAt) },
    })),
  ];
  for (const row of rows)
    await db
      .insert(deadlines)
      .values({ ...row, id: newId("deadline", now), nextAt: row.dueAt })
      .onConflictDoNothing();
}
