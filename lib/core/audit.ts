import { type Id, newId } from "#db/id.ts";
import { auditEvents } from "#db/schema/audit.ts";
import type { ClauseId } from "#lib/core/clauses/register.ts";
import type { AuditAction } from "./audit-actions.ts";
import {
  type AccountContext,
  beforeCommit,
  type Context,
  inOrganization,
  type OrganizationContext,
} from "./context.ts";

type Change = {
  action: AuditAction;
  object: { type: string; id: string };
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  /** The clause of the terms this change carries out, if one does. */
  clause?: ClauseId;
};

/** The chain of what concerns all customers and belongs to none. No organization is ever given this id. */
const providerChain: Id<"organization"> = "org_00000000000000000000000000";

/** The place of the provider's own audit rows. */
export const ofProvider = (ctx: AccountContext): OrganizationContext => inOrganization(ctx, providerChain);

/**
 * Writes the audit row of a change, in the change's own transaction. Never put a secret in before or after. The row is
 * chained to the organization's last one under a lock, so it is written when everything else of the transaction is done.
 */
export async function writeAudit(ctx: OrganizationContext | Context, change: Change): Promise<void> {
  const row = {
    organizationId: ctx.organizationId,
    id: newId("audit", ctx.now),
    workspaceId: "workspaceId" in ctx ? ctx.workspaceId : null,
    at: ctx.now,
    actorKind: ctx.actor.kind,
    actorId: ctx.actor.id,
    actorName: ctx.actor.name,
    action: change.action,
    objectType: change.object.type,
    objectId: change.object.id,
    before: change.before ?? null,
    after: change.after ?? null,
    clause: change.clause ?? null,
    address: ctx.origin.address,
    agent: ctx.origin.agent,
  };
  await beforeCommit(ctx, ctx.organizationId, async (db) => {
    await db.insert(auditEvents).values(row);
  });
}
