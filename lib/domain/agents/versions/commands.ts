import { and, eq } from "drizzle-orm";
import { agentAliases, agents } from "#db/schema/agents.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { aliasInput, removeAliasInput, versionInput } from "#lib/domain/agents/builder/input.ts";
import { agentOf, here } from "#lib/domain/agents/queries.ts";
import type { AgentView } from "#lib/domain/agents/view.ts";
import { aliasesOf, versionOf } from "./queries.ts";
import type { AgentAlias } from "./view.ts";

/** Makes an earlier or later version the one that answers; no version is lost by it. */
export const switchVersion = command({
  can: "agents.write",
  within: "workspace",
  input: versionInput,
  run: async (ctx, { agent: id, version }): Promise<AgentView> => {
    return transaction(ctx, async (ctx) => {
      const agent = await agentOf(ctx, id, "edit");
      await versionOf(ctx, agent, version);
      await ctx.db.update(agents).set({ version, updatedAt: ctx.now }).where(here(ctx, id));
      const versions = { before: { version: agent.version }, after: { version } };
      await writeAudit(ctx, { action: "agent.switch-version", object: { type: "agent", id }, ...versions });
      return agentOf(ctx, id);
    });
  },
});

/** Gives a version a name, or moves the name to another version. */
export const setAlias = command({
  can: "agents.write",
  within: "workspace",
  input: aliasInput,
  run: async (ctx, { agent: id, alias, version }): Promise<AgentAlias> => {
    return transaction(ctx, async (ctx) => {
      const agent = await agentOf(ctx, id, "edit");
      await versionOf(ctx, agent, version);
      const { organizationId, now } = ctx;
      await ctx.db
        .insert(agentAliases)
        .values({ organizationId, agentId: id, alias, version, createdAt: now, updatedAt: now })
        .onConflictDoUpdate({
          target: [agentAliases.organizationId, agentAliases.agentId, agentAliases.alias],
          set: { version, updatedAt: now },
        });
      await writeAudit(ctx, { action: "agent.set-alias", object: { type: "agent", id }, after: { alias, version } });
      const made = (await aliasesOf(ctx, id)).find((found) => found.alias === alias);
      if (!made) throw new Error("An alias that was just written is not there.");
      return made;
    });
  },
});

/** Takes a name away; programs that ask for it get a clear error. */
export const removeAlias = command({
  can: "agents.write",
  within: "workspace",
  input: removeAliasInput,
  run: async (ctx, { agent: id, alias }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      await agentOf(ctx, id, "edit");
      const gone = await ctx.db
        .delete(agentAliases)
        .where(
          and(
            eq(agentAliases.organizationId, ctx.organizationId),
            eq(agentAliases.agentId, id),
            eq(agentAliases.alias, alias),
          ),
        )
        .returning({ version: agentAliases.version });
      if (gone.length === 0) throw new AppError("not_found", `There is no alias "${alias}".`);
      const before = { alias, version: gone[0]?.version };
      await writeAudit(ctx, { action: "agent.remove-alias", object: { type: "agent", id }, before });
    });
  },
});
