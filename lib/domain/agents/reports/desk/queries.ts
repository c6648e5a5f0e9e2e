import { and, asc, desc, eq, isNotNull, isNull } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { users } from "#db/schema/account.ts";
import { agentReports, agents } from "#db/schema/agents.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { lookAt } from "#lib/domain/staff/access/commands.ts";
import { openLooks } from "#lib/domain/staff/access/queries.ts";
import type { DeskReport } from "./view.ts";

const decider = alias(users, "decider");

// Names, handles and what was said of them: staff decide about a name and need nothing of what is in the agent.
const shown = {
  id: agentReports.id,
  organizationId: agentReports.organizationId,
  organizationName: organizations.name,
  agentId: agentReports.agentId,
  name: agentReports.name,
  handle: agentReports.handle,
  /** What it is called now; null: it is deleted. */
  currentName: agents.name,
  currentHandle: agents.handle,
  reason: agentReports.reason,
  details: agentReports.details,
  reportedAt: agentReports.reportedAt,
  decision: agentReports.decision,
  answer: agentReports.answer,
  decidedAt: agentReports.decidedAt,
  decidedByName: decider.name,
};

const select = (ctx: AccountContext) =>
  ctx.db
    .select(shown)
    .from(agentReports)
    .innerJoin(organizations, eq(organizations.id, agentReports.organizationId))
    .leftJoin(agents, and(eq(agents.organizationId, agentReports.organizationId), eq(agents.id, agentReports.agentId)))
    .leftJoin(decider, eq(decider.id, agentReports.decidedBy))
    .$dynamic();

/** Reports of agents' names that wait for a decision, the oldest first. */
export async function openReports(ctx: AccountContext): Promise<DeskReport[]> {
  authorize(ctx.actor, "agents.decide");
  const open = isNull(agentReports.decidedAt);
  return underLooks(
    ctx,
    await select(ctx).where(open).orderBy(asc(agentReports.reportedAt), asc(agentReports.id)).limit(100),
  );
}

/** The last reports that were decided. */
export async function decidedReports(ctx: AccountContext): Promise<DeskReport[]> {
  authorize(ctx.actor, "agents.decide");
  const decided = isNotNull(agentReports.decidedAt);
  return underLooks(
    ctx,
    await select(ctx).where(decided).orderBy(desc(agentReports.decidedAt), desc(agentReports.id)).limit(20),
  );
}

/** What a customer's people wrote is read under a reason, and every look is in that customer's log. */
async function underLooks(ctx: AccountContext, reports: Omit<DeskReport, "isHidden">[]): Promise<DeskReport[]> {
  const open = new Set((await openLooks(ctx)).map(({ organizationId }) => organizationId));
  const seen: DeskReport[] = [];
  for (const report of reports) {
    const isHidden = ctx.actor.kind === "staff" && !open.has(report.organizationId);
    if (!isHidden) await lookAt(ctx, report.organizationId, { type: "agentReport", id: report.id });
    seen.push({ ...report, isHidden, ...(isHidden && { details: "", answer: null }) });
  }
  return seen;
}
