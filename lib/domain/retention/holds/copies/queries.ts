import { and, asc, eq, gt } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { heldContents, holds } from "#db/schema/holds.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { lastingKey, openLastingBytes } from "#lib/core/keyring/lasting.ts";

type Copy = { id: Id<"request">; hour: Date; packed: Buffer };

const atOnce = 100;

/** What a hold has kept of the content log, opened, pack by pack: for the operator, who hands it over. */
export async function* heldPacks(ctx: AccountContext, id: Id<"hold">): AsyncGenerator<Copy> {
  authorize(ctx.actor, "system.operate");
  const [hold] = await ctx.db.select().from(holds).where(eq(holds.id, id));
  if (!hold?.key) throw new AppError("not_found", "There is no such hold in force.");
  const key = await lastingKey(hold.key, id);
  const its = and(eq(heldContents.organizationId, hold.organizationId), eq(heldContents.holdId, id));
  for (let last: Id<"request"> | undefined; ; ) {
    const rows = await ctx.db
      .select()
      .from(heldContents)
      .where(and(its, last && gt(heldContents.id, last)))
      .orderBy(asc(heldContents.id))
      .limit(atOnce);
    for (const { id, hour, sealed } of rows) yield { id, hour, packed: openLastingBytes(key, sealed, id) };
    last = rows.at(-1)?.id;
    if (!last || rows.length < atOnce) return;
  }
}
