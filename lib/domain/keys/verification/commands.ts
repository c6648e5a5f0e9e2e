import { and, eq } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { keys } from "#db/schema/keys.ts";
import { ends, newSecret } from "#lib/core/api-keys/secret.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { keyedHash } from "#lib/core/secrets.ts";

const goodMinutes = 15;

/** A key the house checks zero retention with: free of charge, seen in the customer's log, and good for minutes alone. */
export const openVerificationKey = command({
  can: "system.operate",
  within: "workspace",
  run: async (ctx, ownerId: Id<"user">): Promise<{ id: Id<"key">; secret: string }> => {
    const secret = newSecret();
    const id = newId("key", ctx.now);
    const { organizationId, workspaceId, now: createdAt } = ctx;
    const does = ["completions:create", "embeddings:create", "models:read"];
    const rights = { scopes: [...does, "agents:use", "agents:write", "conversations:use"] };
    const made = { ...ends(secret), hash: keyedHash(secret), createdAt, expiresAt: addMinutes(createdAt, goodMinutes) };
    const named = { purpose: "verification" as const, name: "Check of zero retention" };
    await ctx.db.insert(keys).values({ organizationId, workspaceId, id, ownerId, ...rights, ...made, ...named });
    return { id, secret };
  },
});

export const closeVerificationKey = command({
  can: "system.operate",
  within: "workspace",
  run: async (ctx, id: Id<"key">): Promise<void> => {
    await ctx.db
      .update(keys)
      .set({ revokedAt: ctx.now, revokedReason: "expired" })
      .where(and(eq(keys.organizationId, ctx.organizationId), eq(keys.id, id), eq(keys.purpose, "verification")));
  },
});
