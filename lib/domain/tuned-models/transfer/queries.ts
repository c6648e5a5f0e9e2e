import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { organizations } from "#db/schema/organizations.ts";
import { modelTransfers } from "#db/schema/tuned-models.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import type { ModelTransfer } from "#lib/domain/tuned-models/view.ts";

const shown = {
  id: modelTransfers.id,
  modelId: modelTransfers.modelId,
  distributor: modelTransfers.distributor,
  until: modelTransfers.until,
  signedByName: users.name,
  signedAt: modelTransfers.signedAt,
  revokedAt: modelTransfers.revokedAt,
  executedAt: modelTransfers.executedAt,
};

/** The directives about a tuned model, the latest first, for who may sign them. */
export async function transfersOf(ctx: Context, modelId: string): Promise<ModelTransfer[]> {
  authorize(ctx.actor, "transfers.sign");
  return ctx.db
    .select(shown)
    .from(modelTransfers)
    .innerJoin(users, eq(users.id, modelTransfers.signedBy))
    .where(and(eq(modelTransfers.organizationId, ctx.organizationId), eq(modelTransfers.modelId, modelId)))
    .orderBy(desc(modelTransfers.signedAt))
    .limit(100);
}

export type DeskTransfer = ModelTransfer & { organizationId: Id<"organization">; organizationName: string };

/** All directives of customers, those that wait first. */
export async function deskTransfers(ctx: AccountContext): Promise<DeskTransfer[]> {
  authorize(ctx.actor, "transfers.decide");
  const waits = and(isNull(modelTransfers.executedAt), isNull(modelTransfers.revokedAt));
  return ctx.db
    .select({ ...shown, organizationId: organizations.id, organizationName: organizations.name })
    .from(modelTransfers)
    .innerJoin(organizations, eq(organizations.id, modelTransfers.organizationId))
    .innerJoin(users, eq(users.id, modelTransfers.signedBy))
    .orderBy(sql`(${waits}) desc`, desc(modelTransfers.signedAt))
    .limit(200);
}
