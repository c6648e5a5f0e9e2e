import { and, eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { agentAliases, agents } from "#db/schema/agents.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { record } from "#lib/core/audit.ts";
import { type Context, within } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { type AgentView, agentOf, here } from "#lib/domain/agents/queries.ts";
import { type AgentAlias, aliasesOf, versionOf } from "./queries.ts";

/** Makes an earlier or later version the one that answers; no version is lost by it. */
export async function switchVersion(ctx: Context, id: Id<"agent">, version: number): Promise<AgentView> {
  authorize(ctx.actor, "agents.write");
  return within(ctx, async (ctx) => {
    const agent = await agentOf(ctx, id, "edit");
    await versionOf(ctx, agent, version);
    await ctx.db.update(agents).set({ version, updatedAt: ctx.now }).where(here(ctx, id));
    const versions = { before: { version: agent.version }, after: { version } };
    await record(ctx, { action: "agent.switch-version", object: { type: "agent", id }, ...versions });
    return agentOf(ctx, id);
  });
}

/** Gives a version a name, or moves the name to another version. */
export async function setAlias(ctx: Context, id: Id<"agent">, alias: string, version: number): Promise<AgentAlias> {
  authorize(ctx.actor, "agents.write");
  return within(ctx, async (ctx) => {
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
    await record(ctx, { action: "agent.set-alias", object: { type: "agent", id }, after: { alias, version } });
    const made = (await aliasesOf(ctx, id)).find((found) => found.alias === alias);
    if (!made) throw new Error("An alias that was just written is not there.");
    return made;
  });
}

/** Takes a name away; programs that ask for it get a clear error. */
export async function removeAlias(ctx: Context, id: Id<"agent">, alias: string): Promise<void> {
  authorize(ctx.actor, "agents.write");
  await within(ctx, async (ctx) => {
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
    await record(ctx, { action: "agent.remove-alias", object: { type: "agent", id }, before });
  });
}
