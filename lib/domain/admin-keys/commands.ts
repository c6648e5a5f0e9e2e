import { and, eq, isNull } from "drizzle-orm";
import { newId } from "#db/id.ts";
import { adminKeys } from "#db/schema/keys.ts";
import { personOf } from "#lib/core/access/person.ts";
import { ends, newSecret } from "#lib/core/api-keys/secret.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { adminKeyInput, createAdminKeyInput } from "./input.ts";
import type { NewAdminKey } from "./view.ts";

/** T-4.2.1-KEY1: the secret is returned once and stored only as a keyed hash. */
export const createAdminKey = command({
  can: "admin-keys.write",
  within: "organization",
  input: createAdminKeyInput,
  run: async (ctx, input): Promise<NewAdminKey> => {
    const { name, access, expires } = input;
    return transaction(ctx, async (ctx) => {
      const secret = newSecret("cpa");
      const id = newId("adminKey", ctx.now);
      const expiresAt = expires === null ? null : addDays(ctx.now, expires);
      const createdBy = personOf(ctx.actor).id;
      const place = { organizationId: ctx.organizationId, id, createdBy, createdAt: ctx.now };
      await ctx.db
        .insert(adminKeys)
        .values({ ...place, ...ends(secret), name, access, hash: keyedHash(secret), expiresAt });
      const object = { type: "admin_key", id };
      await writeAudit(ctx, {
        action: "admin_key.create",
        object,
        after: { name, access, expiresAt },
        clause: "T-4.2.1-KEY1",
      });
      return { id, name, secret };
    });
  },
});

/** T-4.2.1-KEY4: from its next use on it is refused. */
export const revokeAdminKey = command({
  can: "admin-keys.write",
  within: "organization",
  input: adminKeyInput,
  stepUp: "key.end",
  run: async (ctx, { id }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const mine = and(eq(adminKeys.organizationId, ctx.organizationId), eq(adminKeys.id, id));
      const [row] = await ctx.db
        .update(adminKeys)
        .set({ revokedAt: ctx.now })
        .where(and(mine, isNull(adminKeys.revokedAt)))
        .returning({ id: adminKeys.id });
      if (!row) throw new AppError("not_found", "There is no such admin key, or it was revoked before.");
      const object = { type: "admin_key", id };
      await writeAudit(ctx, {
        action: "admin_key.revoke",
        object,
        after: { revokedAt: ctx.now },
        clause: "T-4.2.1-KEY2",
      });
    });
  },
});
