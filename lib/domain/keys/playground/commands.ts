import { eq } from "drizzle-orm";
import { newId } from "#db/id.ts";
import { keys } from "#db/schema/keys.ts";
import { personOf } from "#lib/core/access/person.ts";
import { ends, newSecret } from "#lib/core/api-keys/secret.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import type { PlaygroundKey } from "#lib/domain/keys/view.ts";

const playgroundMinutes = 60;
const playgroundScopes = ["completions:create", "models:read", "agents:use", "conversations:use"];

/**
 * The person's playground key for an hour: answers only, and not in the list. It stays one key, so that usage
 * knows it; opening the playground again changes its secret, and a page with the old one opens it again.
 */
export const openPlayground = command({
  can: "playground.use",
  within: "workspace",
  run: async (ctx): Promise<PlaygroundKey> => {
    const secret = newSecret();
    const expiresAt = addMinutes(ctx.now, playgroundMinutes);
    const renewed = { ...ends(secret), hash: keyedHash(secret), expiresAt, scopes: playgroundScopes };
    const { organizationId, workspaceId } = ctx;
    await ctx.db
      .insert(keys)
      .values({
        ...renewed,
        organizationId,
        workspaceId,
        id: newId("key", ctx.now),
        ownerId: personOf(ctx.actor).id,
        purpose: "playground",
        name: "Playground",
        createdAt: ctx.now,
      })
      .onConflictDoUpdate({
        target: [keys.organizationId, keys.workspaceId, keys.ownerId],
        targetWhere: eq(keys.purpose, "playground"),
        set: renewed,
      });
    return { secret, expiresAt };
  },
});
