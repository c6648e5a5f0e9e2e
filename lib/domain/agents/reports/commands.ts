import { and, eq, isNull } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { agentReports } from "#db/schema/agents.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { agentOf } from "#lib/domain/agents/queries.ts";
import { openDeadline } from "#lib/domain/deadlines/commands.ts";
import { due } from "#lib/domain/deadlines/rules.ts";
import { reportAgentInput } from "./input.ts";

/** T-4.3-RESP2: tells the provider's own people that an agent's name violates a person's rights or the law. */
export const reportAgent = command({
  can: "agents.read",
  within: "workspace",
  input: reportAgentInput,
  run: async (ctx, { agent: id, reason, details }): Promise<Id<"agentReport">> => {
    return transaction(ctx, async (ctx) => {
      const { name, handle } = await agentOf(ctx, id);
      const { organizationId, workspaceId, now: reportedAt } = ctx;
      const reportedBy = personOf(ctx.actor).id;
      await refuseTwice(ctx, id, reportedBy);
      const reportId = newId("agentReport", reportedAt);
      const row = { organizationId, id: reportId, workspaceId, agentId: id, name, handle, reason, details };
      await ctx.db.insert(agentReports).values({ ...row, reportedBy, reportedAt });
      const subject = { kind: "agent_report", id: reportId } as const;
      await openDeadline(ctx, { clock: "report.decide", subject, dueAt: due["report.decide"](reportedAt) });
      await writeAudit(ctx, {
        action: "agent.report",
        object: { type: "agent", id },
        after: { report: reportId, reason },
        clause: "T-4.3-RESP2",
      });
      return reportId;
    });
  },
});

async function refuseTwice(ctx: Context, agentId: Id<"agent">, reportedBy: Id<"user">): Promise<void> {
  const [open] = await ctx.db
    .select({ id: agentReports.id })
    .from(agentReports)
    .where(
      and(
        eq(agentReports.organizationId, ctx.organizationId),
        eq(agentReports.agentId, agentId),
        eq(agentReports.reportedBy, reportedBy),
        isNull(agentReports.decidedAt),
      ),
    );
  if (open) throw new AppError("conflict", "You have reported this agent already. We answer you by letter.");
}
