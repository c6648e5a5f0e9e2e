import { and, eq, isNull, ne } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { agentReports, agents } from "#db/schema/agents.ts";
import { organizations, workspaces } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, inWorkspace, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { passesForProvider, skeletonOf } from "#lib/domain/agents/handles/rules.ts";
import { agentRenamedLetter, reportAnsweredLetter } from "#lib/domain/agents/letters.ts";
import { dismissReportInput, renameReportedInput } from "#lib/domain/agents/reports/input.ts";
import { meetDeadline } from "#lib/domain/deadlines/commands.ts";

type Report = typeof agentReports.$inferSelect;
type Agent = typeof agents.$inferSelect;

/**
 * T-4.3-RESP2: gives a reported agent another name and handle, whatever its owner thinks of it, and tells the owner and the
 * registration contact. Nothing else of it changes.
 */
export const renameReported = command({
  can: "agents.decide",
  within: "account",
  input: renameReportedInput,
  run: async (ctx, { report: id, name, handle, answer }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const report = await decide(ctx, id, "renamed", answer);
      const agent = await lockedAgent(ctx, report);
      if (!agent) throw new AppError("conflict", "This agent is deleted. Dismiss the report instead.");
      if (agent.name === name && agent.handle === handle) {
        throw refused(
          "name",
          "This is what it is called already. Choose another name or handle, or dismiss the report.",
        );
      }
      const skeleton = await freeSkeleton(ctx, agent, name, handle);
      const here = and(eq(agents.organizationId, agent.organizationId), eq(agents.id, agent.id));
      await ctx.db.update(agents).set({ name, handle, skeleton, updatedAt: ctx.now }).where(here);
      await writeAudit(placeOf(ctx, report), {
        action: "agent.force-rename",
        object: { type: "agent", id: agent.id },
        after: { report: id },
        clause: "T-4.3-RESP2",
      });
      await tellOwner(ctx, report, agent, { name, handle });
      await tellReporter(ctx, report, true);
    });
  },
});

/** T-4.3-RESP2: leaves an agent's name as it is, and says why to who reported it. */
export const dismissReport = command({
  can: "agents.decide",
  within: "account",
  input: dismissReportInput,
  run: async (ctx, { report: id, answer }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const report = await decide(ctx, id, "dismissed", answer);
      if (!(await lockedAgent(ctx, report))) {
        const here = and(eq(agentReports.organizationId, report.organizationId), eq(agentReports.id, id));
        await ctx.db.update(agentReports).set({ decision: "deleted" }).where(here);
      }
      await writeAudit(placeOf(ctx, report), {
        action: "agent.dismiss-report",
        object: { type: "agent", id: report.agentId },
        after: { report: id },
        clause: "T-4.3-RESP2",
      });
      await tellReporter(ctx, report, false);
    });
  },
});

/** Of two who decide at once, the second is told. */
async function decide(
  ctx: AccountContext,
  id: Report["id"],
  decision: "renamed" | "dismissed",
  answer: string,
): Promise<Report> {
  const decidedBy = ctx.actor.id as NonNullable<Report["decidedBy"]>;
  const [decided] = await ctx.db
    .update(agentReports)
    .set({ decision, answer, decidedBy, decidedAt: ctx.now })
    .where(and(eq(agentReports.id, id), isNull(agentReports.decidedAt)))
    .returning();
  if (!decided) throw new AppError("conflict", "This report was decided already.");
  await meetDeadline(inOrganization(ctx, decided.organizationId), "report.decide", id);
  return decided;
}

const placeOf = (ctx: AccountContext, { organizationId, workspaceId }: Report) =>
  inWorkspace(inOrganization(ctx, organizationId), workspaceId);

/** Under the lock of its workspace, so that no one takes the handle meanwhile. */
async function lockedAgent(ctx: AccountContext, { organizationId, workspaceId, agentId }: Report) {
  await ctx.db
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(and(eq(workspaces.organizationId, organizationId), eq(workspaces.id, workspaceId)))
    .for("update");
  const [agent] = await ctx.db
    .select()
    .from(agents)
    .where(and(eq(agents.organizationId, organizationId), eq(agents.id, agentId)));
  return agent;
}

async function freeSkeleton(ctx: AccountContext, agent: Agent, name: string, handle: string): Promise<string> {
  const provider = env().PROVIDER_NAME;
  const reserved = "This could be taken for the provider or its people. Choose another.";
  if (passesForProvider(name, provider)) throw refused("name", reserved);
  if (passesForProvider(handle, provider)) throw refused("handle", reserved);
  const skeleton = skeletonOf(handle);
  const [taken] = await ctx.db
    .select({ id: agents.id })
    .from(agents)
    .where(
      and(
        eq(agents.organizationId, agent.organizationId),
        eq(agents.workspaceId, agent.workspaceId),
        eq(agents.skeleton, skeleton),
        ne(agents.id, agent.id),
      ),
    );
  if (taken) throw refused("handle", "Another agent of that workspace has this handle, or one that looks like it.");
  return skeleton;
}

const refused = (field: "name" | "handle", message: string): AppError =>
  new AppError("invalid", message, { code: "agent_name_refused", fields: { [field]: [message] } });

type Named = { name: string; handle: string };

/** The owner, and the registration contact where that is another person. */
async function tellOwner(ctx: AccountContext, report: Report, agent: Agent, after: Named): Promise<void> {
  const { organizationId, workspaceId } = report;
  const [owner] = await ctx.db
    .select({ name: users.name, email: users.email })
    .from(users)
    .where(eq(users.id, agent.ownerId));
  const [organization] = await ctx.db
    .select({ name: organizations.name, email: organizations.registrationEmail })
    .from(organizations)
    .where(eq(organizations.id, organizationId));
  const told = new Map([owner, organization].flatMap((to) => (to ? [[to.email.toLowerCase(), to] as const] : [])));
  // The owner is greeted by name where both have one address.
  if (owner) told.set(owner.email.toLowerCase(), owner);
  const renamed = { organizationId, workspaceId, before: agent, after, reason: report.answer ?? "" };
  for (const to of told.values()) await post(ctx, agentRenamedLetter(to, renamed));
}

async function tellReporter(ctx: AccountContext, report: Report, isRenamed: boolean): Promise<void> {
  const { organizationId, workspaceId, reportedBy, name, handle, answer } = report;
  const [to] = await ctx.db
    .select({ name: users.name, email: users.email })
    .from(users)
    .where(eq(users.id, reportedBy));
  if (!to) return;
  const answered = { organizationId, workspaceId, named: { name, handle }, isRenamed, answer: answer ?? "" };
  await post(ctx, reportAnsweredLetter(to, answered));
}
