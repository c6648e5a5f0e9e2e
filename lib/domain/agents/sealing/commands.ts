import { and, eq, isNull, sql } from "drizzle-orm";
import { agents, agentVersions } from "#db/schema/agents.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { dropTraces } from "#lib/domain/retention/traces/commands.ts";
import { newAgentSealer } from "./queries.ts";

const batchSize = 100;

/** Seals agents of before there was a keyring, each under a key of its own, in batches, and leaves nothing readable behind. */
export const sealAgents = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    let sealed = 0;
    for (let found = batchSize; found === batchSize; sealed += found) found = await sealSome(ctx);
    if (sealed === 0) return 0;
    await ctx.db.execute(sql`vacuum full agents, agent_versions`);
    await dropTraces(ctx);
    return sealed;
  },
});

const sealSome = (ctx: AccountContext): Promise<number> =>
  transaction(ctx, async (ctx) => {
    const rows = await ctx.db
      .select()
      .from(agents)
      .where(isNull(agents.key))
      .limit(batchSize)
      .for("update", { skipLocked: true });
    for (const row of rows) await sealOne(ctx, row);
    return rows.length;
  });

async function sealOne(
  ctx: AccountContext,
  { organizationId, id, unsealed: draft }: typeof agents.$inferSelect,
): Promise<void> {
  const sealer = await newAgentSealer(id);
  const own = and(eq(agentVersions.organizationId, organizationId), eq(agentVersions.agentId, id));
  for (const { version, unsealed } of await ctx.db.select().from(agentVersions).where(own))
    if (unsealed)
      await ctx.db
        .update(agentVersions)
        .set({ content: sealer.version(version, unsealed), unsealed: null })
        .where(and(own, eq(agentVersions.version, version)));
  await ctx.db
    .update(agents)
    .set({ key: sealer.wrapped, draft: draft && sealer.draft(draft), unsealed: null })
    .where(and(eq(agents.organizationId, organizationId), eq(agents.id, id)));
}
