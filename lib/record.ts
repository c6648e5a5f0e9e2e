import { newId } from "#db/id.ts";
import { auditEvents } from "#db/schema/audit.ts";
import type { Context, OrganizationContext } from "./context.ts";

type Change = {
  action: string;
  object: { type: string; id: string };
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  /** The clause of the terms this change carries out, if one does. */
  clause?: string;
};

/** Writes the audit row of a change, in the change's own transaction. Never put a secret in before or after. */
export async function record(ctx: OrganizationContext | Context, change: Change): Promise<void> {
  await ctx.db.insert(auditEvents).values({
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
  });
}
