import { and, eq, isNull } from "drizzle-orm";
import { connectorRules } from "#db/schema/connections.ts";
import { workspaces } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { restrictInput } from "#lib/domain/connections/input.ts";

/**
 * Says who can connect a service in a workspace or in all of them. Blocked, nothing is sent from its commit on: each
 * attempt of every process asks the rules first.
 */
export const restrictConnector = command({
  can: "integrations.restrict",
  within: "organization",
  input: restrictInput,
  run: async (ctx, { connector, workspace: workspaceId, rule }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const { organizationId, now: setAt } = ctx;
      if (workspaceId) {
        const here = and(eq(workspaces.organizationId, organizationId), eq(workspaces.id, workspaceId));
        if ((await ctx.db.$count(workspaces, here)) === 0)
          throw new AppError("not_found", "There is no such workspace.");
      }
      const [before] = await ctx.db
        .select({ rule: connectorRules.rule })
        .from(connectorRules)
        .where(
          and(
            eq(connectorRules.organizationId, organizationId),
            eq(connectorRules.connector, connector),
            workspaceId ? eq(connectorRules.workspaceId, workspaceId) : isNull(connectorRules.workspaceId),
          ),
        )
        .for("update");
      if ((before?.rule ?? "allowed") === rule) return;
      const set = { rule, setBy: ctx.actor.id, setAt };
      await ctx.db
        .insert(connectorRules)
        .values({ organizationId, connector, workspaceId, ...set })
        .onConflictDoUpdate({
          target: [connectorRules.organizationId, connectorRules.connector, connectorRules.workspaceId],
          set,
        });
      await writeAudit(ctx, {
        action: "connector.restrict",
        object: { type: "connector", id: connector },
        before: { rule: before?.rule ?? "allowed", workspace: workspaceId },
        after: { rule, workspace: workspaceId },
      });
    }),
});
