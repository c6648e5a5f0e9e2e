import { and, eq } from "drizzle-orm";
import { keys } from "#db/schema/keys.ts";
import { actingAs, inOrganization } from "#lib/core/context.ts";
import { defineJob } from "#lib/core/jobs/define.ts";
import { agreeByUse } from "./commands.ts";
import { agreeingByUse } from "./input.ts";

/** T-7-EXIT: keeps that a key's use agreed to a change, under the name of the key. */
export const agreeByUseJob = defineJob({
  ...agreeingByUse,
  run: async (ctx, { organizationId, keyId, usedAt }) => {
    const [key] = await ctx.db
      .select({ id: keys.id, name: keys.name, ownerId: keys.ownerId, purpose: keys.purpose })
      .from(keys)
      .where(and(eq(keys.organizationId, organizationId), eq(keys.id, keyId)));
    if (!key) return;
    const { permissions } = ctx.actor;
    const actor = { ...key, kind: "key" as const, isService: key.purpose === "service", permissions };
    const used = { ...ctx, now: new Date(usedAt) };
    await agreeByUse(actingAs(inOrganization(used, organizationId), actor), { keyId });
  },
});
